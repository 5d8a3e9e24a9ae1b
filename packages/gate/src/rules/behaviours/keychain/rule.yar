// Reads the keychain of macOS.
// Source: MITRE ATT&CK, T1555.001; what the calls and files are called in their own documents.

rule keychain {
  meta:
    behaviour = "keychain"
    description = "the keychain by its command, its file, or a search over all of it"
    attack = "T1555.001"
    files = "program library script data"
  strings:
    $find = /security\s{1,4}(find-(generic|internet)-password|dump-keychain|export\s{1,4}-k)/ ascii wide
    $split = /["']security["'],\s{0,4}\[\s{0,8}["'](find-(generic|internet)-password|dump-keychain)/
    $file = "Library/Keychains/login.keychain" ascii wide
    $unlock = "security unlock-keychain" ascii wide
    $chain = "SecKeychainItemCopyContent" fullword
    $search = "SecKeychainSearchCreateFromAttributes" fullword
    $ask = /osascript[^\n\x00]{0,200}hidden answer/ ascii wide
  condition:
    any of ($find, $split, $file, $unlock, $ask) or ($chain and $search)
}
