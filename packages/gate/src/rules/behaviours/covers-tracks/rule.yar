// Removes the traces of itself.
// Source: MITRE ATT&CK, T1070; what the calls and files are called in their own documents.

rule covers_tracks {
  meta:
    behaviour = "covers-tracks"
    description = "a script that deletes or replaces itself, or logs that are cleared"
    attack = "T1070"
    files = "program library script data"
  strings:
    $own_javascript = /(unlink|rm|rename|writeFile)(Sync)?\(\s{0,4}(__filename|process\.argv\[1\]|import\.meta\.filename)/
    $own_python = /os\.(remove|unlink)\(\s{0,4}(os\.path\.(abspath|realpath)\()?\s{0,4}(__file__|sys\.argv\[0\])/
    $own_description = /(rename|copyFile|writeFile)(Sync)?\([^\n;]{1,120}package\.(md|bak|txt|old)[^\n;]{1,120}package\.json/
    $logs = /wevtutil(\.exe)?\s{1,4}(cl|clear-log)\s/ ascii wide nocase
    $logs_script = /Clear-EventLog\s/ ascii wide nocase
    $history = /(history -c\b|unset HISTFILE\b|HISTFILE=\/dev\/null|HISTSIZE=0)/ ascii
    $delayed_delete = /(ping(\.exe)?\s{1,4}(-n|127\.0\.0\.1|localhost)|timeout(\.exe)?\s{1,4}\/t|choice\s{1,4}\/[a-z])[^\n\x00]{1,80}(& del|&del|& erase|& rmdir|&rmdir)\s/ ascii wide nocase
    $times = /(touch -(r|t|d)\s[^\n\x00]{1,80}(\/usr\/|\/bin\/|\/etc\/))/ ascii
  condition:
    any of them
}
