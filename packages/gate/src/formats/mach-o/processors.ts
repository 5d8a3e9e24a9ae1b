/** Which processor a Mach-O file or slice is for. Source: Apple, mach/machine.h. @module */

export interface Processor {
  /** CPU_TYPE_*. */
  readonly type: number;
  /** CPU_SUBTYPE_*, with capability bits on top. */
  readonly subtype: number;
}

const X86 = 0x0000_0007;
const X86_64 = 0x0100_0007;
const ARM = 0x0000_000c;
const ARM64 = 0x0100_000c;
const ARM64_32 = 0x0200_000c;

/** As verdicts name architectures, whatever the format. */
const ARCHITECTURES: ReadonlyMap<number, string> = new Map([
  [X86, "x86"],
  [X86_64, "x64"],
  [ARM, "arm"],
  [ARM64, "arm64"],
  [ARM64_32, "arm64_32"],
  [0x0000_0012, "ppc"],
  [0x0100_0012, "ppc64"],
]);

/** CPU_SUBTYPE_MASK: the top byte holds capabilities, such as the pointer authentication of arm64e. */
export const plainSubtype = ({ subtype }: Processor): number => subtype % 0x0100_0000;

export const isKnown = ({ type }: Processor): boolean => ARCHITECTURES.has(type);

export const architectureOf = ({ type }: Processor): string =>
  ARCHITECTURES.get(type) ?? `machine-0x${type.toString(16)}`;

/** As Apple's tools name slices: `x86_64`, `arm64e`. */
export function sliceName(processor: Processor): string {
  const { type } = processor;
  const subtype = plainSubtype(processor);
  if (type === X86) return "i386";
  if (type === X86_64) return subtype === 8 ? "x86_64h" : "x86_64";
  if (type === ARM) return ARM_NAMES.get(subtype) ?? "arm";
  if (type === ARM64) return subtype === 2 ? "arm64e" : "arm64";
  const name = ARCHITECTURES.get(type);
  return name ?? `cpu-0x${type.toString(16)}-0x${subtype.toString(16)}`;
}

/** CPU_SUBTYPE_ARM_*. */
const ARM_NAMES: ReadonlyMap<number, string> = new Map([
  [6, "armv6"],
  [9, "armv7"],
  [11, "armv7s"],
  [12, "armv7k"],
]);
