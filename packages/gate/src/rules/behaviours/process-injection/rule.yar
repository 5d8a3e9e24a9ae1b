// Writes code into other processes.
// Source: MITRE ATT&CK, T1055; what the calls and files are called in their own documents.

rule process_injection_windows {
  meta:
    behaviour = "process-injection"
    description = "memory in another process is made, written and run"
    attack = "T1055"
    files = "program library data"
  strings:
    $make = "VirtualAllocEx" ascii wide fullword
    $write = "WriteProcessMemory" ascii wide fullword
    $map = /(Nt|Zw)MapViewOfSection/ ascii wide fullword
    $unmap = /(Nt|Zw)UnmapViewOfSection/ ascii wide fullword
    $section = /(Nt|Zw)CreateSection/ ascii wide fullword
    $run_thread = /CreateRemoteThread(Ex)?/ ascii wide fullword
    $run_native = /(NtCreateThreadEx|RtlCreateUserThread|NtQueueApcThread(Ex)?)/ ascii wide fullword
    $run_later = "QueueUserAPC" ascii wide fullword
    $run_context = /(Wow64)?SetThreadContext/ ascii wide fullword
  condition:
    uint16(0) == 0x5a4d and (($make and $write and any of ($run_*)) or ($unmap and $write and $run_context) or ($section and $map and any of ($run_thread, $run_native)))
}

rule process_injection_script {
  meta:
    behaviour = "process-injection"
    description = "the same calls named by a script"
    attack = "T1055"
    files = "script"
  strings:
    $write = "WriteProcessMemory"
    $make = "VirtualAllocEx"
    $run = /(CreateRemoteThread|NtCreateThreadEx|QueueUserAPC|SetThreadContext)/
  condition:
    $write and ($make or $run)
}

rule process_injection_linux {
  meta:
    behaviour = "process-injection"
    description = "memory of another process is written"
    attack = "T1055"
    files = "program library data"
  strings:
    $attach = "ptrace" fullword
    $write = "process_vm_writev" fullword
    $memory = /\/proc\/(%[dilu]{1,3}|self)\/mem/
    $maps = /\/proc\/%[dilu]{1,3}\/maps/
  condition:
    uint32(0) == 0x464c457f and ($attach and any of ($write, $memory) and $maps)
}

rule process_injection_macos {
  meta:
    behaviour = "process-injection"
    description = "memory of another task is made, written and run"
    attack = "T1055"
    files = "program library data"
  strings:
    $task = "_task_for_pid"
    $make = /_(mach_)?vm_allocate/
    $write = /_(mach_)?vm_write/
    $run = /_thread_create(_running)?/
  condition:
    (uint32(0) == 0xfeedfacf or uint32(0) == 0xfeedface or uint32be(0) == 0xcafebabe) and all of them
}
