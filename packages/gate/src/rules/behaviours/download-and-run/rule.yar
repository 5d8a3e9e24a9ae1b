// Downloads something and runs it in one breath.
// Source: MITRE ATT&CK, T1105, T1059; what the calls and files are called in their own documents.

rule download_and_run_windows {
  meta:
    behaviour = "download-and-run"
    description = "the call that downloads to a file beside one that starts programs"
    attack = "T1105 T1059"
    files = "program library data"
  strings:
    $download = /URLDownloadToFile[AW]/ ascii wide fullword
    $start = /(ShellExecute(Ex)?[AW]|WinExec|CreateProcess[AW])/ ascii wide fullword
  condition:
    uint16(0) == 0x5a4d and all of them
}

rule download_and_run_line {
  meta:
    behaviour = "download-and-run"
    description = "a command line that fetches and runs"
    attack = "T1105 T1059"
    files = "program library script data"
  strings:
    $pipe = /\b(curl|wget)\s[^\n\r\x00|]{1,200}\|\s{0,4}(sudo\s{1,4})?(\/(usr\/)?bin\/)?(ba|z|da)?sh\b/ ascii wide
    $substitute = /\b(ba|z)?sh\s{1,4}(-c\s{1,4})?["']?(\$\(|<\()\s{0,4}(curl|wget)\s/ ascii wide
    $steps = /\b(curl|wget)\s[^\n\r\x00]{1,200}(&&|;)\s{0,4}chmod\s{1,4}[+a-z0-9]{2,5}\s[^\n\r\x00]{1,100}(&&|;)\s{0,4}[.\/~$("n]/ ascii wide
    $expression = /(IEX|Invoke-Expression)\s{0,4}["'(&${]{1,4}[^\n\x00]{0,60}(DownloadString|Invoke-WebRequest|Invoke-RestMethod|\biwr\b|\birm\b)/ ascii wide nocase
    $expression_after = /(DownloadString\(|Invoke-WebRequest|\biwr\s|\birm\s)[^\n\x00]{1,200}\|\s{0,4}(IEX|Invoke-Expression)\b/ ascii wide nocase
    $certificate_tool = /certutil(\.exe)?[^\n\x00]{1,40}-urlcache/ ascii wide nocase
    $lines = /\b(curl|wget)\s[^\n]{0,200}(\/tmp\/|\/var\/tmp\/|\/dev\/shm\/)[^\n]{0,120}\n([^\n]{0,200}\n){0,4}[^\n]{0,40}chmod\s/ ascii
    $transfer = /bitsadmin(\.exe)?\s{1,4}\/transfer/ ascii wide nocase
    $markup = /mshta(\.exe)?\s{1,4}["']?https?:/ ascii wide nocase
    $server = /regsvr32(\.exe)?[^\n\x00]{1,60}\/i:https?:/ ascii wide nocase
  condition:
    any of them
}

rule download_and_run_windows_script {
  meta:
    behaviour = "download-and-run"
    description = "a script for Windows that writes to a file what it fetched"
    attack = "T1105 T1059"
    files = "script"
  strings:
    $get = /(MSXML2\.(Server)?XMLHTTP|Microsoft\.XMLHTTP|WinHttp\.WinHttpRequest)/ nocase
    $stream = "ADODB.Stream" nocase
    $save = "SaveToFile" nocase
  condition:
    all of them
}

rule download_and_run_script {
  meta:
    behaviour = "download-and-run"
    description = "the answer of a server is run as code"
    attack = "T1105 T1059"
    files = "script"
  strings:
    $python = /\bexec\(\s{0,4}(requests\.get|urllib\.request\.urlopen|urlopen)\(/
    $python_compiled = /\bexec\(\s{0,4}compile\(\s{0,4}(requests\.get|urlopen)/
    $ruby = /\beval\(?\s{0,4}(Net::HTTP\.get|URI\.open|open\(["']http)/
    $perl = /\beval\s{0,2}\(?\s{0,2}(LWP::Simple::)?get\(?["']http/
    $php = /\beval\(\s{0,4}file_get_contents\(\s{0,2}["']http/
    $javascript = /\b(eval|new Function)\(\s{0,4}(await\s{1,4})?[\w.]{0,40}(axios|fetch|\.get)\(/
  condition:
    any of them
}
