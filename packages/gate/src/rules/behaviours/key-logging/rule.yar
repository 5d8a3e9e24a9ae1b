// Listens to the keyboard of others.
// Source: MITRE ATT&CK, T1056.001; what the calls and files are called in their own documents.

rule key_logging_windows {
  meta:
    behaviour = "key-logging"
    description = "the keyboard asked for keys while another window is in front"
    attack = "T1056.001"
    files = "program library"
  strings:
    $state = "GetAsyncKeyState" ascii wide fullword
    $front = "GetForegroundWindow" ascii wide fullword
    $title = /GetWindowText[AW]/ ascii wide fullword
    $letters = /(ToUnicode(Ex)?|MapVirtualKey(Ex)?[AW]|GetKeyNameText[AW])/ ascii wide fullword
    $hook = /SetWindowsHookEx[AW]/ ascii wide fullword
    $raw = "GetRawInputData" ascii wide fullword
  condition:
    uint16(0) == 0x5a4d and $front and $title and $letters and ($state or $raw) and $hook
}

rule key_logging_macos {
  meta:
    behaviour = "key-logging"
    description = "an event tap"
    attack = "T1056.001"
    files = "program library"
  strings:
    $tap = "_CGEventTapCreate"
    $text = "_CGEventKeyboardGetUnicodeString"
  condition:
    (uint32(0) == 0xfeedfacf or uint32(0) == 0xfeedface or uint32be(0) == 0xcafebabe) and all of them
}

rule key_logging_linux {
  meta:
    behaviour = "key-logging"
    description = "the device of the keyboard, or recorded events"
    attack = "T1056.001"
    files = "program library"
  strings:
    $device = "/dev/input/event"
    $by_path = /\/dev\/input\/by-path\/[^\x00]{0,60}kbd/
    $record = "XRecordEnableContext" fullword
  condition:
    uint32(0) == 0x464c457f and ($by_path or ($record and $device))
}

rule key_logging_script {
  meta:
    behaviour = "key-logging"
    description = "a library that listens to every key"
    attack = "T1056.001"
    files = "script"
  strings:
    $pynput = /pynput(\.|\s{1,4}import\s{1,4})keyboard/
    $listen = /(keyboard\.)?Listener\(\s{0,4}on_press/
    $hook = /keyboard\.(on_press|hook|record)\(/
    $state = "GetAsyncKeyState"
    $node = /require\(["'](iohook|node-global-key-listener|uiohook-napi)["']\)/
  condition:
    ($pynput and $listen) or $hook or $state or $node
}
