// Reads or replaces what others copy.
// Source: MITRE ATT&CK, T1115, T1565.002; what the calls and files are called in their own documents.

rule clipboard_addresses {
  meta:
    behaviour = "clipboard"
    description = "the clipboard beside patterns of payment addresses"
    attack = "T1115 T1565.002"
    files = "program library script"
  strings:
    $read = /(GetClipboardData|AddClipboardFormatListener|generalPasteboard|pyperclip|Get-Clipboard|pbpaste|clipboard\.readText|clipboardy|xclip|xsel)/ ascii wide
    $write = /(SetClipboardData|pyperclip\.copy|Set-Clipboard|pbcopy|clipboard\.writeText|setString:forType|clipboardy|xclip|xsel)/ ascii wide
    $bitcoin = /\(?\^?\(?bc1[\[(|]/ ascii wide
    $ethereum = /0x\[(a-fA-F0-9|0-9a-fA-F|A-Fa-f0-9)\]\{40\}/ ascii wide
    $old = /\[13\]\[a-km-zA-HJ-NP-Z1-9\]\{2[0-9],3[0-9]\}/ ascii wide
    $tron = /T\[[1-9A-HJ-NP-Za-km-z-]{6,64}\]\{3[0-9]\}/ ascii wide
  condition:
    $read and $write and any of ($bitcoin, $ethereum, $old, $tron)
}

rule clipboard_sent {
  meta:
    behaviour = "clipboard"
    description = "a script that reads the clipboard and sends"
    attack = "T1115 T1565.002"
    files = "script"
  strings:
    $read = /(pyperclip\.paste\(|Get-Clipboard\b|\bpbpaste\b|xclip\s[^\n]{0,40}-o\b|clipboardy?\.read(Sync|Text)?\()/
    $send = /(https?\.request\(|\bfetch\(|axios[.(]|requests\.post\(|urlopen\(|Invoke-RestMethod|Invoke-WebRequest|curl\s)/
  condition:
    filesize < 300KB and all of them
}
