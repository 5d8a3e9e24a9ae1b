// Destroys data or the means to bring it back.
// Source: MITRE ATT&CK, T1485, T1490; what the calls and files are called in their own documents.

rule destroys_data {
  meta:
    behaviour = "destroys-data"
    description = "copies, catalogues and homes that are deleted"
    attack = "T1485 T1490"
    files = "program library script data"
  strings:
    $shadows = /vssadmin(\.exe)?["']?\s{1,4}(delete\s{1,4}shadows|resize\s{1,4}shadowstorage)/ ascii wide nocase
    $shadows_other = /wmic(\.exe)?["']?\s{1,4}shadowcopy\s{1,4}delete/ ascii wide nocase
    $catalogue = /wbadmin(\.exe)?["']?\s{1,4}delete\s{1,4}(catalog|systemstatebackup)/ ascii wide nocase
    $recovery = /bcdedit(\.exe)?["']?[^\n\x00]{1,40}(recoveryenabled\s{1,4}no|bootstatuspolicy\s{1,4}ignoreallfailures)/ ascii wide nocase
    $wipe = /cipher(\.exe)?\s{1,4}\/w:/ ascii wide nocase
    $home_rf = /\brm\s{1,4}-rf\s{1,4}["']?(~\/?|\$HOME\/?|\/\*)["']?(\s|;|&|\||"|'|\x00|$)/ ascii
    $home_fr = /\brm\s{1,4}-fr\s{1,4}["']?(~\/?|\$HOME\/?|\/\*)["']?(\s|;|&|\||"|'|\x00|$)/ ascii
    $root = /\brm\s{1,4}-[a-z]{1,4}\s{1,4}--no-preserve-root\b/ ascii
    $home_script = /(rmSync|rmdirSync|rimraf(\.sync)?|rmtree)\(\s{0,4}(os\.homedir\(\)|process\.env\.HOME|os\.path\.expanduser\(["']~["']\)|["']\/["'])\s{0,4}[,)]/
    $disk = /\bdd\s{1,4}if=\/dev\/(zero|u?random)\s{1,4}of=\/dev\/(sd|nvme|hd|disk)/ ascii
  condition:
    any of them
}
