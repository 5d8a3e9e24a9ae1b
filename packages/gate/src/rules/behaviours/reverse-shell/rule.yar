// Gives a shell to somebody elsewhere.
// Source: MITRE ATT&CK, T1059.004, T1071; what the calls and files are called in their own documents.

rule reverse_shell {
  meta:
    behaviour = "reverse-shell"
    description = "a shell that is tied to a connection"
    attack = "T1059.004 T1071"
    files = "program library script data"
  strings:
    $device = /(ba|z)?sh\s{1,4}-i[^\n\x00]{0,20}>&?\s{0,4}\/dev\/(tcp|udp)\// ascii wide
    $device_other = /\/dev\/(tcp|udp)\/[^\n\x00]{3,60}0>&1/ ascii
    $netcat = /\b(nc|ncat|netcat)(\.exe)?\s[^\n\x00]{0,60}\s?-(e|c)\s{1,4}["']?(\/bin\/|cmd|powershell)/ ascii wide
    $pipe = /mkfifo\s[^\n\x00]{1,80}\|\s{0,4}(nc|ncat|netcat|openssl)\s/ ascii
    $python_copy = /os\.dup2\(\s{0,4}\w{1,20}\.fileno\(\)/
    $python_start = /(pty\.spawn\(|subprocess\.(call|run|Popen)\(\s{0,4}\[?["']\/bin\/|os\.system\(["']\/bin\/)/
    $javascript_connect = /net\.(connect|createConnection|Socket)\b|new Socket\(/
    $javascript_shell = /spawn\(\s{0,4}["'`](\/bin\/(ba|z)?sh|cmd(\.exe)?|powershell(\.exe)?)["'`]/
    $javascript_pipe = /\.(stdout|stderr)\.pipe\(/
    $powershell = /Net\.Sockets\.TCPClient/ nocase
    $powershell_run = /(\biex\b|Invoke-Expression)/ nocase
    $perl = /use Socket;[^\n]{1,300}exec\s{0,2}\(?\s{0,2}["']\/bin\/(ba)?sh -i/
    $php = /fsockopen\([^\n]{1,120}\/bin\/(ba)?sh -i/
  condition:
    any of ($device, $device_other, $netcat, $pipe, $perl, $php) or ($python_copy and $python_start) or ($javascript_connect and $javascript_shell and $javascript_pipe) or ($powershell and $powershell_run)
}
