// Talks through services that hide whom it talks to.
// Source: MITRE ATT&CK, T1102, T1071.004, T1090.003, T1567.004; what the calls and files are called in their own documents.

rule covert_channels {
  meta:
    behaviour = "covert-channels"
    description = "hooks and bots of chat services, catchers of requests, tunnels, hidden services"
    attack = "T1102 T1071.004 T1090.003 T1567.004"
    files = "program library script data"
  strings:
    $bot = /api\.telegram\.org\/bot[^\x00\s]/ ascii wide
    $bot_parts = /api\.telegram\.org["'`]?\s{0,4}[,+]/ ascii
    $hook = /discord(app)?\.com\/api\/(v[0-9]{1,2}\/)?webhooks\// ascii wide
    $chat_hook = /hooks\.slack\.com\/services\/[A-Z0-9]/ ascii wide
    $catcher = /\b(webhook\.site|[a-z0-9]{4,40}\.(oast\.(fun|pro|live|site|online|me)|interact\.sh|oastify\.com|burpcollaborator\.net|m\.pipedream\.net|requestbin\.net|dnslog\.cn|ceye\.io))\b/ ascii wide
    $tunnel = /\b[a-z0-9-]{4,60}\.(ngrok\.io|ngrok-free\.app|trycloudflare\.com|serveo\.net|loca\.lt)\b/ ascii wide
    $onion = /[a-z2-7]{56}\.onion\b/ ascii wide
    $drop = /\b(transfer\.sh|file\.io|anonfiles\.com|temp\.sh|0x0\.st|bashupload\.com|api\.gofile\.io)\/[^\x00\s"']{0,40}/ ascii wide
    $names = /(dns\.resolve(Txt|4|Any)?\(|nslookup\s|dig\s+\+short|DnsQuery_[AW])[^\n\x00]{0,160}(toString\(["'](hex|base64)|b32encode|hexlify|base32)/ ascii
  condition:
    any of them
}
