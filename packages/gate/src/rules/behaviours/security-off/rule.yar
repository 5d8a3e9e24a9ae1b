// Switches protection off.
// Source: MITRE ATT&CK, T1562.001, T1562.004; what the calls and files are called in their own documents.

rule security_off {
  meta:
    behaviour = "security-off"
    description = "commands that weaken antivirus, firewall or system integrity"
    attack = "T1562.001 T1562.004"
    files = "program library script data"
  strings:
    $exclusion = /(Add|Set)-MpPreference[^\n\x00]{1,80}-(Exclusion|Disable)/ ascii wide nocase
    $monitoring = "DisableRealtimeMonitoring" ascii wide nocase
    $spyware = "DisableAntiSpyware" ascii wide nocase
    $firewall = /netsh(\.exe)?\s{1,4}(advfirewall|firewall)\s{1,4}set\s[^\n\x00]{1,60}(state\s{1,4}off|mode=disable|opmode\s{1,4}disable)/ ascii wide nocase
    $gatekeeper = /spctl\s{1,4}--(master|global)-disable/ ascii
    $integrity = "csrutil disable" ascii
    $linux = /\bsetenforce\s{1,4}0\b/ ascii
    $linux_firewall = /(ufw disable|systemctl\s{1,4}(stop|disable)\s{1,4}(--now\s{1,4})?(firewalld|apparmor|auditd))/ ascii
    $scan = "AmsiScanBuffer" ascii wide
    $scan_name = /amsiInitFailed/ ascii wide
  condition:
    any of ($exclusion, $monitoring, $spyware, $firewall, $gatekeeper, $integrity, $linux, $linux_firewall, $scan_name) or ($scan and filesize < 5MB)
}
