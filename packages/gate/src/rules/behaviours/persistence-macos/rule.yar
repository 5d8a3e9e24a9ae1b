// Starts itself again with macOS.
// Source: MITRE ATT&CK, T1543.001, T1547.015; what the calls and files are called in their own documents.

rule persistence_macos {
  meta:
    behaviour = "persistence-macos"
    description = "a launch agent that is written and loaded, or a login item"
    attack = "T1543.001 T1547.015"
    files = "program library script data"
  strings:
    $folder = /Library["'`,\s\/]{1,8}Launch(Agents|Daemons)/ ascii wide
    $key = "RunAtLoad" ascii wide
    $load = /launchctl["'`,\s\[]{1,8}(load|bootstrap|submit|enable)/ ascii wide
    $login_item = /make (new |)login item/ ascii nocase
    $hook = /defaults write com\.apple\.loginwindow LoginHook/ ascii
  condition:
    ($folder and ($key or $load)) or $login_item or $hook
}
