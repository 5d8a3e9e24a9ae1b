// Finds system calls by walking the list of loaded modules.
// Source: MITRE ATT&CK, T1027.007, T1106; what the calls and files are called in their own documents.

rule dynamic_resolution {
  meta:
    behaviour = "dynamic-resolution"
    description = "machine code that follows the process block to the list of modules, or hashes names"
    attack = "T1027.007 T1106"
    files = "program library data"
  strings:
    // mov r64, gs:[60h]; its Ldr at 18h; a list of modules at 10h, 20h or 30h
    $walk_64 = { 65 (48 | 4C) 8B ?? 25 60 00 00 00 [0-12] (48 | 49 | 4C | 4D) 8B ?? 18 [0-12] (48 | 49 | 4C | 4D) 8B ?? (10 | 20 | 30) }
    // mov r32, fs:[30h]; Ldr at 0Ch; a list at 0Ch, 14h or 1Ch
    $walk_32 = { 64 A1 30 00 00 00 [0-8] 8B ?? 0C [0-8] 8B ?? (0C | 14 | 1C) }
    $walk_32_other = { 64 8B ?? 30 00 00 00 [0-8] 8B ?? 0C [0-8] 8B ?? (0C | 14 | 1C) }
    $walk_zero = { 31 ?? 64 8B ?? 30 8B ?? 0C 8B ?? (0C | 14 | 1C) }
    $walk_zero_64 = { 65 48 8B ?? 60 48 8B ?? 18 48 8B ?? (10 | 20 | 30) }
    // ror edi, 13; add edi, eax: the hash of a name
    $hash_32 = { C1 CF 0D 01 C7 }
    $hash_64 = { 41 C1 C9 0D 41 01 C1 }
  condition:
    any of them
}
