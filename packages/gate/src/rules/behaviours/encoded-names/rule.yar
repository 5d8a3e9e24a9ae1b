// Keeps names of calls, commands or addresses encoded.
// Source: MITRE ATT&CK, T1027.013; what the calls and files are called in their own documents.

rule encoded_names_exclusive_or {
  meta:
    behaviour = "encoded-names"
    description = "strings that are readable after exclusive or with one byte"
    attack = "T1027.013"
    files = "program library data"
  strings:
    $call_address = "GetProcAddress" xor(0x01-0xff)
    $call_protect = "VirtualProtect" xor(0x01-0xff)
    $call_allocate = "VirtualAlloc" xor(0x01-0xff)
    $call_write = "WriteProcessMemory" xor(0x01-0xff)
    $call_process = "CreateProcess" xor(0x01-0xff)
    $call_internet = "InternetOpen" xor(0x01-0xff)
    $call_http = "WinHttpOpen" xor(0x01-0xff)
    $folder_mac = "/Library/Application Support" xor(0x01-0xff)
    $folder_agents = "/Library/LaunchAgents" xor(0x01-0xff)
    $agent = "Mozilla/5.0 (" xor(0x01-0xff)
    $secure = "https://www." xor(0x01-0xff)
    $shell = "powershell.exe" xor(0x01-0xff)
    $run_key = "CurrentVersion\\Run" xor(0x01-0xff)
    $form = "Content-Type: " xor(0x01-0xff)
    $header = "This program cannot be run in DOS mode" xor(0x01-0xff)
  condition:
    any of them
}

rule encoded_names_backwards {
  meta:
    behaviour = "encoded-names"
    description = "strings that are readable from the end"
    attack = "T1027.013"
    files = "program library script data"
  strings:
    $call_address = "sserddAcorPteG"
    $call_protect = "tcetorPlautriV"
    $call_write = "yromeMssecorPetirW"
    $shell = "llehsrewop"
    $module = "ssecorp_dlihc"
  condition:
    any of them
}

rule encoded_names_base64 {
  meta:
    behaviour = "encoded-names"
    description = "names of commands and modules as base64"
    attack = "T1027.013"
    files = "program library script data"
  strings:
    $module = "child_process" base64
    $shell = "powershell" base64 base64wide
    $command = "cmd.exe /c" base64 base64wide
    $unix = "/bin/bash -" base64
    $system = "os.system(" base64
    $fetch = "urllib.request" base64
    $agents = "/Library/LaunchAgents" base64
    $run_key = "CurrentVersion\\Run" base64 base64wide
    $alone = /["'`](Y2hpbGRfcHJvY2Vzcw|cG93ZXJzaGVsbA|cG93ZXJzaGVsbC5leGU|Y21kLmV4ZQ|L2Jpbi9zaA|L2Jpbi9iYXNo|ZXZhbA|cmVxdWlyZQ)={0,2}["'`]/
    $map = /sourceMappingURL=data:[^\n]{0,60}base64,/
  condition:
    filesize < 20MB and ($alone or (any of ($module, $shell, $command, $unix, $system, $fetch, $agents, $run_key) and not $map))
}

rule encoded_names_escaped {
  meta:
    behaviour = "encoded-names"
    description = "names of modules and calls written in hexadecimal escapes"
    attack = "T1027.013"
    files = "script"
  strings:
    $module = "\\x63\\x68\\x69\\x6c\\x64\\x5f" nocase
    $require = "\\x72\\x65\\x71\\x75\\x69\\x72\\x65" nocase
    $evaluate = "\\x65\\x76\\x61\\x6c" nocase
    $address = "\\x68\\x74\\x74\\x70\\x73\\x3a" nocase
    $hex = "6368696c645f70726f63657373" nocase
  condition:
    any of them
}
