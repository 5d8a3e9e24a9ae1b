// Loads and runs code that no file on disk holds.
// Source: MITRE ATT&CK, T1620, T1055.002; what the calls and files are called in their own documents.

rule shellcode_loader_code {
  meta:
    behaviour = "shellcode-loader"
    description = "machine code that begins programs which are put into memory"
    attack = "T1620 T1055.002"
    files = "program library data"
  strings:
    $stub_64 = { FC 48 83 E4 F0 E8 ?? 00 00 00 41 51 41 50 52 51 }
    $stub_32 = { FC E8 ?? 00 00 00 60 89 E5 31 }
    $runs_from_header = { 4D 5A 41 52 55 48 89 E5 }
    $runs_from_header_32 = { 4D 5A 52 45 E8 00 00 00 00 }
    $loader = "ReflectiveLoader" ascii
  condition:
    any of them
}

rule shellcode_loader_system_calls {
  meta:
    behaviour = "shellcode-loader"
    description = "system calls of Windows made without its library"
    attack = "T1620 T1055.002"
    files = "program library data"
  strings:
    $call = { 4C 8B D1 B8 ?? ?? 00 00 0F 05 C3 }
    $names = "NtSetInformationVirtualMemory"
  condition:
    #call > 3 and not $names
}

rule shellcode_loader_linux {
  meta:
    behaviour = "shellcode-loader"
    description = "a file in memory that is started"
    attack = "T1620 T1055.002"
    files = "program library data"
  strings:
    $make = "memfd_create" fullword
    $run = "fexecve" fullword
    $path = /\/proc\/(self|%[dilu]{1,3})\/fd\/%[dilu]{1,3}/
    $execute = "execve" fullword
  condition:
    uint32(0) == 0x464c457f and $make and ($run or ($path and $execute))
}

rule shellcode_loader_macos {
  meta:
    behaviour = "shellcode-loader"
    description = "a program in memory that is linked"
    attack = "T1620 T1055.002"
    files = "program library data"
  strings:
    $make = "_NSCreateObjectFileImageFromMemory"
    $link = "_NSLinkModule"
  condition:
    (uint32(0) == 0xfeedfacf or uint32(0) == 0xfeedface or uint32be(0) == 0xcafebabe) and all of them
}

rule shellcode_loader_script {
  meta:
    behaviour = "shellcode-loader"
    description = "a script that puts machine code or a program into memory and runs it"
    attack = "T1620 T1055.002"
    files = "script"
  strings:
    $assembly = /\[(System\.)?Reflection\.Assembly\]::Load\(/ nocase
    $decode = /FromBase64String\(/ nocase
    $allocate = /\bVirtualAlloc\b/
    $copy = /(RtlMoveMemory|RtlCopyMemory|Marshal\]?(::|\.)Copy|memmove|write_process_memory)/
    $run = /(CreateThread|EnumSystemLocalesA|CallWindowProcA?|GetDelegateForFunctionPointer|CFUNCTYPE)/
    $program = "TVqQAAMAAAAEAAAA"
    $decoded = /(b64decode|atob\(|Buffer\.from\(|base64 (-d|--decode))/
  condition:
    ($assembly and $decode) or ($allocate and $copy and $run) or ($program and ($decoded or $decode))
}
