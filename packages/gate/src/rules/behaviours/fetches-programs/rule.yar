// Fetches a file, makes it executable and starts it.
// Source: MITRE ATT&CK, T1105; what the calls and files are called in their own documents.

rule fetches_programs {
  meta:
    behaviour = "fetches-programs"
    description = "a script that downloads, changes the mode of what it wrote, and starts it"
    attack = "T1105"
    files = "script"
  strings:
    $get = /\b(https?\.get\(|https?\.request\(|fetch\(|axios[.(]|urlretrieve\(|urlopen\(|requests\.get\(|Invoke-WebRequest|DownloadFile\()/
    $write = /(createWriteStream\(|writeFile(Sync)?\(|\.write\(|OutFile|urlretrieve|DownloadFile)/
    $mode = /(chmod(Sync)?\(|os\.chmod|tmpdir\(|\bTEMP\b|tempfile\.)/
    $start = /\b(execFile(Sync)?\(|spawn(Sync)?\(|exec(Sync)?\(|subprocess\.|os\.system|os\.startfile|Start-Process)/
  condition:
    filesize < 300KB and all of them
}
