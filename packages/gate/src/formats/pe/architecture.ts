/** Processors by their number. Source: Microsoft, PE Format, "Machine Types". @module */

import type { PeHeaders } from "./headers.ts";

/** @returns the name that identities use: `x64`; the number for processors that have none here */
export const architectureOf = (headers: Pick<PeHeaders, "machine">): string =>
  MACHINES.get(headers.machine) ?? `machine-0x${headers.machine.toString(16)}`;

/** IMAGE_FILE_MACHINE_*. */
const MACHINES: ReadonlyMap<number, string> = new Map([
  [0x014c, "x86"],
  [0x8664, "x64"],
  [0xaa64, "arm64"],
  [0xa641, "arm64ec"],
  [0xa64e, "arm64x"],
  [0x01c0, "arm"],
  [0x01c2, "arm"],
  [0x01c4, "arm"],
  [0x0200, "ia64"],
  [0x5032, "riscv32"],
  [0x5064, "riscv64"],
  [0x6232, "loongarch32"],
  [0x6264, "loongarch64"],
  [0x0ebc, "efi-byte-code"],
]);
