// Runs commands that are hidden by their encoding.
// Source: MITRE ATT&CK, T1059.001, T1027.010; what the calls and files are called in their own documents.

rule encoded_commands {
  meta:
    behaviour = "encoded-commands"
    description = "PowerShell is given its command as base64, or a shell what it has decoded"
    attack = "T1059.001 T1027.010"
    files = "program library script data"
  strings:
    $encoded = /(powershell|pwsh)(\.exe)?["']?[^\n\x00]{0,120}[\s"'](-|\/)e(nc|ncodedc|ncodedcommand|c)?["']?[\s,"']{1,6}["'$A-Za-z0-9+\/(]/ ascii wide nocase
    $shell = /base64\s{1,4}(-d|-D|--decode)\s{0,4}\|\s{0,4}(ba|z|da)?sh\b/ ascii wide
    $shell_other = /\becho\s{1,4}["']?[A-Za-z0-9+\/=]{40,200}["']?\s{0,4}\|\s{0,4}base64\s{1,4}(-d|-D|--decode)[^\n\x00]{0,40}\|/ ascii wide
    $python = /\bexec\(\s{0,4}(zlib\.decompress\(|marshal\.loads\(|codecs\.decode\()?\s{0,4}(base64\.b64decode|b64decode|bytes\.fromhex|__import__\(["']base64)/
    $javascript = /\beval\(\s{0,4}(atob\(|Buffer\.from\([^)\n]{1,200},\s{0,4}["'](base64|hex)["']\))/
    $javascript_function = /\bFunction\(\s{0,4}(atob\(|Buffer\.from\([^)\n]{1,200},\s{0,4}["'](base64|hex)["']\))/
    $javascript_vm = /\brunIn(This|New)Context\(\s{0,4}(atob\(|Buffer\.from\([^)\n]{1,200},\s{0,4}["'](base64|hex)["']\))/
    $expression = /(IEX|Invoke-Expression)\b[^\n\x00]{0,160}FromBase64String/ ascii wide nocase
    $shell_eval = /\beval\s{1,4}["']?(\$\(|`)[^\n`)]{0,240}base64\s{1,4}(-d|-D|--decode)/ ascii
    $shell_hex = /\bxxd\s{1,4}-r[^\n|]{0,60}\|\s{0,4}(\/bin\/)?(ba|z|da)?sh\b/ ascii
    $shell_unpacked = /\b(xz -|gzip -|gunzip |bzip2 -|bunzip2 |lzma -|zcat |xzcat )[^\n|]{0,80}\|\s{0,4}(\/bin\/)?(ba|z|da)?sh\b/ ascii
    $ruby = /\beval\(?\s{0,4}Base64\.(strict_)?decode64/
    $perl = /\beval\s{0,2}\(?\s{0,4}(MIME::Base64::)?decode_base64/
    $php = /\beval\(\s{0,4}(gzinflate\(|gzuncompress\(|str_rot13\()?\s{0,4}base64_decode\(/
  condition:
    any of them
}
