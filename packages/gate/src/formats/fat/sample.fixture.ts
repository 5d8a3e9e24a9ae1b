/** A FAT12 image of two files, made by mkfs.fat 4.2 and mcopy 4.0.33. @module */

import { brotliDecompressSync } from "node:zlib";

export const sample = (): Buffer => brotliDecompressSync(Buffer.from(FAT, "base64"));

const FAT =
  "H///AJ4HdmOHoXpfOdAIRpRPP+beVJL4zxPLJslcIERK5og0/PpKo3kL4AD+aweRFHydQdfsb+rm+esDvekr/W7Sdx5oF9CmMQkCjDyVEMYkDNudZimHQ8oOyyzNgc37Zb8bDztLU6e+AhQKKGKEKRADAAAA3CKl7uNI1FmdQUKCnpTVVpYVal+Lpwff5WUeeWLhKq58/ds+k1z52oJl1Q/L6PDo95VcwhyXrgjNaGc0nc32PzbQAi7PBP09GbZRPNBeL/a7HcOUDUL04AEoff8/V0YNixCgh0ykcikig8t9Odloh6lgAgh6PYXGtphN8/7RRIbdabD+TWf+4JlIRdc4DoNMJhqAYl4d8m3REaIDhXmK+tafXhexwe9ZtxT+0XwOAA==";
