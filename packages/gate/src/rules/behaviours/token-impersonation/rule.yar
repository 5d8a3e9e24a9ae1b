// Acts as another user of Windows.
// Source: MITRE ATT&CK, T1134; what the calls and files are called in their own documents.

rule token_impersonation {
  meta:
    behaviour = "token-impersonation"
    description = "the privilege to debug others beside calls that take their token over"
    attack = "T1134"
    files = "program library script data"
  strings:
    $privilege = "SeDebugPrivilege" ascii wide
    $open = "OpenProcessToken" ascii wide fullword
    $duplicate = "DuplicateTokenEx" ascii wide fullword
    $impersonate = "ImpersonateLoggedOnUser" ascii wide fullword
    $start_token = "CreateProcessWithTokenW" ascii wide fullword
    $start_user = /CreateProcessAsUser[AW]/ ascii wide fullword
    $thread = "SetThreadToken" ascii wide fullword
  condition:
    $privilege and $open and $duplicate and any of ($impersonate, $start_token, $start_user, $thread)
}
