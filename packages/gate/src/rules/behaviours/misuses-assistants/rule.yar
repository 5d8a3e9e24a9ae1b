// Lets an assistant on the machine search it without asking.
// Source: MITRE ATT&CK, T1059, T1119; what the calls and files are called in their own documents.

rule misuses_assistants {
  meta:
    behaviour = "misuses-assistants"
    description = "flags that switch the questions of assistants off, beside what they are to look for"
    attack = "T1059 T1119"
    files = "program library script data"
  strings:
    $flag_one = "--dangerously-skip-permissions" ascii wide
    $flag_two = /["'\s]--yolo\b/ ascii wide
    $flag_three = "--trust-all-tools" ascii wide
    $sought = /(wallet|keystore|id_rsa|\.ssh\b|private key|mnemonic|seed phrase|\.env\b)/ ascii wide nocase
    $sought_files = /(recursively|inventory|list of paths|file paths|search (the )?(home|file ?system))/ ascii wide nocase
  condition:
    2 of ($flag_*) or (any of ($flag_*) and $sought and $sought_files)
}
