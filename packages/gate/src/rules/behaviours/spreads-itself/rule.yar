// Publishes or commits in the name of whoever runs it.
// Source: MITRE ATT&CK, T1195.002, T1072; what the calls and files are called in their own documents.

rule spreads_itself_packages {
  meta:
    behaviour = "spreads-itself"
    description = "tokens of a registry beside a command that publishes and scripts that run on installation"
    attack = "T1195.002 T1072"
    files = "script"
  strings:
    $publish = /\b(npm|pnpm|yarn)["'`,\s\[]{1,8}publish\b/
    $upload = /twine["'`,\s\[]{1,8}upload\b/
    $token = /(_authToken|\/-\/whoami|\/-\/npm\/v1\/tokens|NPM_TOKEN|\.pypirc)/
    $hook = /\b(scripts\.(pre|post)install|["'](pre|post)install["']\s{0,4}[\]:])/
  condition:
    filesize < 20MB and ($publish or $upload) and $token and $hook
}

rule spreads_itself_repositories {
  meta:
    behaviour = "spreads-itself"
    description = "workflows or repositories that are made with a token that was found"
    attack = "T1195.002 T1072"
    files = "script"
  strings:
    $workflow = /\.github\/workflows\/[A-Za-z0-9_-]{1,40}\.ya?ml/
    $make = "api.github.com/user/repos"
    $make_parts = /["'`]\/user\/repos["'`]/
    $put = /(\/contents\/|git\/refs|git\/trees)/
    $secrets = /toJSON\(\s{0,4}secrets\s{0,4}\)/
    $scan = /\btrufflehog\b/ nocase
  condition:
    filesize < 20MB and (($workflow and $secrets) or ($scan and any of ($make, $make_parts, $workflow)) or ($workflow and $put and any of ($make, $make_parts)))
}
