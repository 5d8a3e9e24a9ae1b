// Reads the passwords that Windows keeps.
// Source: MITRE ATT&CK, T1003, T1555.004; what the calls and files are called in their own documents.

rule password_stores {
  meta:
    behaviour = "password-stores"
    description = "memory of the logon process, the account database, or the vaults of other programs"
    attack = "T1003 T1555.004"
    files = "program library script data"
  strings:
    $process = "lsass.exe" ascii wide nocase
    $dump = "MiniDumpWriteDump" ascii wide
    $dump_library = /comsvcs(\.dll)?[, ]{1,3}(#24|MiniDump)/ ascii wide nocase
    $sam = /reg(\.exe)? save ["']?hk(lm|ey_local_machine)\\(sam|security|system)/ ascii wide nocase
    $secrets = "sekurlsa" ascii wide nocase
    $vault_open = "VaultOpenVault" ascii wide fullword
    $vault_list = "VaultEnumerateItems" ascii wide fullword
    $unprotect = "CryptUnprotectData" ascii wide fullword
    $list = /CredEnumerate[AW]/ ascii wide fullword
    $browser_key = "encrypted_key" ascii wide fullword
    $dpapi = "ProtectedData" ascii wide
  condition:
    ($process and $dump) or $dump_library or $sam or $secrets or ($vault_open and $vault_list) or ($unprotect and $list) or ($browser_key and ($unprotect or $dpapi))
}
