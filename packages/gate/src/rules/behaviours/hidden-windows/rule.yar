// Starts commands in windows that nobody sees.
// Source: MITRE ATT&CK, T1564.003; what the calls and files are called in their own documents.

rule hidden_windows {
  meta:
    behaviour = "hidden-windows"
    description = "a shell that is told to hide its window"
    attack = "T1564.003"
    files = "program library script data"
  strings:
    $powershell = /(powershell|pwsh)(\.exe)?["']?[^\n\x00]{0,120}[\s"'](-|\/)w(in|indow|indowstyle)?["']?[\s,"']{1,6}(h|hid|hidden|1)\b/ ascii wide nocase
    $style = /-WindowStyle["']?[\s,"']{1,6}Hidden/ ascii wide nocase
    $run_zero = /\.Run\(?\s{0,4}[^\n]{1,200},\s{0,4}0\s{0,2}(,\s{0,4}(True|False)\s{0,2})?\)?\s{0,4}[;\r\n]/ nocase
    $shell = "WScript.Shell" nocase
    $applescript = /set visible of process [^\n]{1,60} to false/ ascii
  condition:
    $powershell or $style or ($run_zero and $shell) or $applescript
}
