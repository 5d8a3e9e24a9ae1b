// Takes over sessions of other programs.
// Source: MITRE ATT&CK, T1528, T1539; what the calls and files are called in their own documents.

rule session_tokens {
  meta:
    behaviour = "session-tokens"
    description = "the stores in which chat programs keep that somebody is signed in"
    attack = "T1528 T1539"
    files = "program library script data"
  strings:
    $discord = /discord(canary|ptb)?["'`,\s\/\\]{1,8}Local Storage["'`,\s\/\\]{1,8}leveldb/ ascii wide nocase
    $slack = /Slack["'`,\s\/\\]{1,8}(Local Storage|Cookies|storage)["'`,\s\/\\]/ ascii wide
    $telegram = /Telegram Desktop["'`,\s\/\\]{1,8}tdata/ ascii wide nocase
    $teams = /Microsoft["'`,\s\/\\]{1,8}Teams["'`,\s\/\\]{1,8}(Cookies|Local Storage)/ ascii wide nocase
    $signal = /Signal["'`,\s\/\\]{1,8}sql["'`,\s\/\\]{1,8}db\.sqlite/ ascii wide nocase
    $steam = /steam["'`,\s\/\\]{1,8}(config["'`,\s\/\\]{1,8}loginusers\.vdf|ssfn)/ ascii wide nocase
    $filezilla = /FileZilla["'`,\s\/\\]{1,8}(recentservers|sitemanager)\.xml/ ascii wide nocase
    $token_shape = /\[\\w-\]\{24\}\\\.\[\\w-\]\{6\}\\\.\[\\w-\]\{2[57]/
  condition:
    any of them
}
