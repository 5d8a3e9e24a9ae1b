// Starts itself again with Windows.
// Source: MITRE ATT&CK, T1547.001, T1053.005, T1546.003; what the calls and files are called in their own documents.

rule persistence_windows {
  meta:
    behaviour = "persistence-windows"
    description = "a run key that is written, a scheduled task, or a permanent event subscription"
    attack = "T1547.001 T1053.005 T1546.003"
    files = "program library script data"
  strings:
    $run_key = /CurrentVersion(\\|\\\\|\/)Run(Once)?\b/ ascii wide nocase
    $write = /(RegSetValue(Ex)?[AW]|RegSetKeyValue[AW]|RegCreateKey(Ex)?[AW])/ ascii wide fullword
    $write_tool = /reg(\.exe)?["']?,?\s{1,4}\[?["']?add\b/ ascii wide nocase
    $write_script = /((Set|New)-ItemProperty|winreg\.SetValueEx|\.RegWrite)/ nocase
    $task = /schtasks(\.exe)?["',\s\[]{1,8}\/create/ ascii wide nocase
    $task_script = "Register-ScheduledTask" ascii wide nocase
    $events = "CommandLineEventConsumer" ascii wide
    $filter = "__EventFilter" ascii wide
    $startup = /Start Menu(\\|\\\\|\/)Programs(\\|\\\\|\/)Startup/ ascii wide nocase
    $copy = /(CopyFile(Ex)?[AW]|IShellLinkW?|copyFileSync|shutil\.copy|Copy-Item|CreateShortcut)/
  condition:
    ($run_key and ($write or $write_tool or $write_script)) or $task or $task_script or ($events and $filter) or ($startup and $copy)
}
