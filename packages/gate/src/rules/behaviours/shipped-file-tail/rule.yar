// Reads code out of another file that was shipped with it.
// Source: MITRE ATT&CK, T1027.009, T1140; what the calls and files are called in their own documents.

rule shipped_file_tail_windows {
  meta:
    behaviour = "shipped-file-tail"
    description = "a file beside it is read as data, searched for a mark and made executable"
    attack = "T1027.009 T1140"
    files = "library"
  strings:
    $own = /GetModuleFileName[AW]/ fullword
    $open = /CreateFile[AW]/ fullword
    $read = "ReadFile" fullword
    $protect = /Virtual(Protect|Alloc)(Ex)?/ fullword
    // compare with FE ED FA CE, or with FA CE after FE ED, as four bytes of a constant
    $mark = { (81 (3? | 7? ?? | 7C ?? ?? | BC ?? ?? ?? ?? ??) | 3D | B8 | B9 | BA) FE ED FA CE }
    $mark_split = { 80 3? FE [0-8] 80 7? 01 ED [0-8] 80 7? 02 FA }
  condition:
    uint16(0) == 0x5a4d and $open and $read and ($own or $protect) and any of ($mark, $mark_split)
}

rule shipped_file_tail_windows_named {
  meta:
    behaviour = "shipped-file-tail"
    description = "a library names another as a file, reads it and makes memory executable, and imports little else"
    attack = "T1027.009 T1140"
    files = "library"
  strings:
    $own = /GetModuleFileName[AW]/ fullword
    $open = "CreateFileW" fullword
    $size = /(GetFileSize(Ex)?|SetFilePointer(Ex)?)/ fullword
    $read = "ReadFile" fullword
    $protect = "VirtualProtect" fullword
    $file = /[a-z0-9_-]{3,30}\.(dll|dat|bin|ico|png|jpg|ttf)\x00/ wide nocase
    $load = /LoadLibrary(Ex)?[AW]/ fullword
  condition:
    uint16(0) == 0x5a4d and $own and $open and $size and $read and $protect and $file and not $load
}

rule shipped_file_tail_script {
  meta:
    behaviour = "shipped-file-tail"
    description = "the end of a library, picture or font is read and run"
    attack = "T1027.009 T1140"
    files = "script"
  strings:
    $file = /(readFile(Sync)?|openSync|createReadStream|ReadAllBytes|\bopen)\([^\n;]{0,80}\.(dll|node|so|dylib|ico|png|jpe?g|gif|ttf|woff2?|pak|wav)["'`]/
    $tail = /(\.(slice|subarray)\(\s{0,4}-\s{0,2}[0-9a-z]|lastIndexOf\(|indexOf\(\s{0,4}(Buffer|b["']|marker)|\.size\s{0,4}-|\.length\s{0,4}-|SEEK_END|seek\(\s{0,4}-|\.rfind\(|\[\s{0,2}-[0-9]{2,9}\s{0,2}:)/
    $run = /\b(eval\(|new Function\(|vm\.(run|Script)|_compile\(|process\.dlopen\(|exec\(|marshal\.loads|createDecipheriv\(|Assembly\]::Load|execFile(Sync)?\()/
  condition:
    filesize < 1MB and all of them
}
