// Reads the files in which other tools keep keys and passwords.
// Source: MITRE ATT&CK, T1552.001, T1552.004; what the calls and files are called in their own documents.

rule credential_files_several {
  meta:
    behaviour = "credential-files"
    description = "files with keys of three or more tools"
    attack = "T1552.001 T1552.004"
    files = "program library script data"
  strings:
    $ssh = /\.ssh["'`,\s\/\\]{1,8}(id_rsa|id_ed25519|id_ecdsa|id_dsa)/ ascii wide
    $aws = /\.aws["'`,\s\/\\]{1,8}credentials/ ascii wide
    $docker = /\.docker["'`,\s\/\\]{1,8}config\.json/ ascii wide
    $kube = /\.kube["'`,\s\/\\]{1,8}config/ ascii wide
    $git = ".git-credentials" ascii wide
    $gcloud = "application_default_credentials.json" ascii wide
    $azure = /\.azure["'`,\s\/\\]{1,8}(accessTokens|msal_token_cache)/ ascii wide
    $npm = /[~"'`\/\\]\.npmrc/ ascii wide
    $pypi = /[~"'`\/\\]\.pypirc/ ascii wide
    $netrc = /[~"'`\/\\]\.netrc/ ascii wide
    $github = /gh["'`,\s\/\\]{1,8}hosts\.yml/ ascii wide
    $vault = ".vault-token" ascii wide
    $gnupg = "private-keys-v1.d" ascii wide
    $shadow = "/etc/shadow" ascii wide
  condition:
    3 of them
}

rule credential_files_sent {
  meta:
    behaviour = "credential-files"
    description = "a private key or token file that is read beside code that sends"
    attack = "T1552.001 T1552.004"
    files = "script"
  strings:
    $key = /\.ssh["'`,\s\/\\]{1,8}(id_rsa|id_ed25519|id_ecdsa)/
    $aws = /\.aws["'`,\s\/\\]{1,8}credentials/
    $npm = /(homedir\(\)|HOME|~|expanduser)[^\n]{0,60}\.(npmrc|pypirc|netrc|git-credentials)/
    $read = /\b(readFile|readFileSync|open\(|read_text|Get-Content|cat )/
    $send = /(https?\.request|\bfetch\(|axios[.(]|requests\.post|urlopen\(|Invoke-RestMethod|Invoke-WebRequest|curl |XMLHttpRequest|http\.post|\.post\()/
  condition:
    filesize < 1MB and any of ($key, $aws, $npm) and $read and $send
}
