// Decodes bytes beside memory that it makes executable.
// Source: MITRE ATT&CK, T1027.013, T1140; what the calls and files are called in their own documents.

rule decode_execute {
  meta:
    behaviour = "decode-execute"
    description = "a loop that decodes by exclusive or, beside calls that make memory executable"
    attack = "T1027.013 T1140"
    files = "program library"
  strings:
    // xor byte [base+index], constant; within a few bytes a jump back: of Intel's processors alone
    $constant = { 80 34 ?? ?? [0-12] (7? (D? | E? | F?) | 0F 8? ?? FF FF FF) }
    $constant_at = { 80 74 ?? ?? ?? [0-12] (7? (D? | E? | F?) | 0F 8? ?? FF FF FF) }
    $register = { 30 (04 | 0C | 14 | 1C) ?? [0-12] (7? (D? | E? | F?) | 0F 8? ?? FF FF FF) }
    $protect = /(Virtual(Protect|Alloc)(Ex)?|(Nt|Zw)(ProtectVirtualMemory|AllocateVirtualMemory)|_?mprotect)/ fullword
    $intel = { 50 45 00 00 (64 86 | 4C 01) } private
  condition:
    ((uint16(0) == 0x5a4d and $intel) or (uint32(0) == 0x464c457f and (uint16(18) == 62 or uint16(18) == 3)) or ((uint32(0) == 0xfeedfacf or uint32(0) == 0xfeedface) and (uint32(4) == 0x1000007 or uint32(4) == 7)) or uint32be(0) == 0xcafebabe) and $protect and any of ($constant, $constant_at, $register)
}
