// Collects the whole environment and sends it.
// Source: MITRE ATT&CK, T1082, T1552.007; what the calls and files are called in their own documents.

rule environment_dump_all {
  meta:
    behaviour = "environment-dump"
    description = "every variable of the environment beside code that sends"
    attack = "T1082 T1552.007"
    files = "script"
  strings:
    $javascript = /JSON\.stringify\(\s{0,4}(\{\s{0,4}\.\.\.\s{0,2})?process\.env\s{0,4}[,)}]/
    $javascript_entries = /Object\.(entries|keys|assign)\([^)\n]{0,20}process\.env\s{0,2}\)/
    $python = /(json\.dumps\(\s{0,4}(dict\(\s{0,2})?os\.environ|dict\(\s{0,2}os\.environ|str\(\s{0,2}os\.environ)/
    $shell = /\b(env|printenv|set)\s{0,4}\|\s{0,4}(base64|gzip|curl|ncat|openssl)/
    $send = /(https?\.request\(|\bfetch\(|axios[.(]|requests\.post\(|urlopen\(|Invoke-RestMethod|Invoke-WebRequest|curl\s|dns\.(lookup|resolve)|http\.client|\.post\()/
  condition:
    filesize < 1MB and any of ($javascript, $javascript_entries, $python, $shell) and $send
}

rule environment_dump_tokens {
  meta:
    behaviour = "environment-dump"
    description = "tokens of three or more services beside code that sends"
    attack = "T1082 T1552.007"
    files = "script"
  strings:
    $github = /\b(GITHUB_TOKEN|GH_TOKEN)\b/
    $npm = /\b(NPM_TOKEN|NODE_AUTH_TOKEN)\b/
    $aws = /\bAWS_(SECRET_ACCESS_KEY|SESSION_TOKEN)\b/
    $azure = /\bAZURE_CLIENT_SECRET\b/
    $google = /\bGOOGLE_APPLICATION_CREDENTIALS\b/
    $slack = /\bSLACK_(BOT_)?TOKEN\b/
    $docker = /\bDOCKER_(PASSWORD|AUTH_CONFIG)\b/
    $python_index = /\b(PYPI_TOKEN|TWINE_PASSWORD)\b/
    $model = /\b(OPENAI|ANTHROPIC)_API_KEY\b/
    $send = /(https?\.request\(|\bfetch\(|axios[.(]|requests\.post\(|urlopen\(|Invoke-RestMethod|curl\s|\.post\()/
  condition:
    filesize < 300KB and 3 of ($github, $npm, $aws, $azure, $google, $slack, $docker, $python_index, $model) and $send
}
