/** Which processor it is for. Source: System V gABI, chapter 4 "ELF Header", e_machine and its registry. @module */

import type { ElfHeaders } from "./headers.ts";

export function architectureOf({ machine, words }: ElfHeaders): string {
  const bits = words.wide ? "64" : "32";
  if (machine === 62) return words.wide ? "x64" : "x32";
  if (machine === 243) return `riscv${bits}`;
  if (machine === 258) return `loongarch${bits}`;
  if (machine === 21) return words.littleEndian ? "ppc64le" : "ppc64";
  if (machine === 8) return `mips${words.wide ? "64" : ""}${words.littleEndian ? "el" : ""}`;
  if (machine === 22) return words.wide ? "s390x" : "s390";
  return MACHINES.get(machine) ?? `machine-0x${machine.toString(16)}`;
}

/** EM_*. */
const MACHINES: ReadonlyMap<number, string> = new Map([
  [2, "sparc"],
  [3, "x86"],
  [4, "m68k"],
  [20, "ppc"],
  [40, "arm"],
  [42, "sh"],
  [43, "sparc64"],
  [50, "ia64"],
  [183, "arm64"],
  [224, "amdgpu"],
  [247, "bpf"],
]);
