// Takes pictures of the screen.
// Source: MITRE ATT&CK, T1113; what the calls and files are called in their own documents.

rule screen_capture_windows {
  meta:
    behaviour = "screen-capture"
    description = "calls that copy the screen into a picture"
    attack = "T1113"
    files = "program library"
  strings:
    $screen = /(GetDesktopWindow|GetWindowDC|CreateDC[AW])/ fullword
    $copy = /(BitBlt|StretchBlt|PrintWindow)/ fullword
    $bits = "GetDIBits" fullword
    $bitmap = "CreateCompatibleBitmap" fullword
  condition:
    uint16(0) == 0x5a4d and all of them
}

rule screen_capture_macos {
  meta:
    behaviour = "screen-capture"
    description = "calls that copy the screen"
    attack = "T1113"
    files = "program library"
  strings:
    $call = /_CG(DisplayCreateImage|WindowListCreateImage|DisplayStreamCreate)/
  condition:
    (uint32(0) == 0xfeedfacf or uint32(0) == 0xfeedface or uint32be(0) == 0xcafebabe) and $call
}

rule screen_capture_script {
  meta:
    behaviour = "screen-capture"
    description = "a tool or library that copies the screen"
    attack = "T1113"
    files = "script"
  strings:
    $mac = /screencapture["',\s\[]{1,8}-/
    $python = /(ImageGrab\.grab\(|pyautogui\.screenshot\(|mss\.mss\(\)|pyscreenshot)/
    $powershell = "CopyFromScreen"
    $linux = /(import["',\s\[]{1,8}-window["',\s]{1,8}root|\bscrot\s|gnome-screenshot\s+-f)/
  condition:
    any of them
}
