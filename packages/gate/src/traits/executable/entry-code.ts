/**
 * Where the first instructions of a program lead. Infected programs begin with a jump out of their own code; honest
 * ones stay inside. Only the few unconditional forms are read that such a jump is made of, and nothing is run.
 * Sources: Intel, Software Developer's Manual, volume 2 (CALL, JMP, PUSH, RET); Arm, A64 instruction set (B, BL).
 * @module
 */

/** What reads the bytes at an address; empty when none stand there. */
export type ReadCode = (address: number) => Promise<Buffer>;

/** A thunk leads to a jump, which leads to the code. */
const MAX_HOPS = 4;

/**
 * Follows jumps from the entry point.
 * @param isHome - whether an address lies in the region of the entry point
 * @returns the first address outside, undefined when the code stays inside or ends in another kind of instruction
 */
export async function leavesFor(
  start: number,
  architecture: string,
  { read, isHome }: { readonly read: ReadCode; readonly isHome: (address: number) => boolean },
): Promise<number | undefined> {
  let address = start;
  for (let hop = 0; hop < MAX_HOPS; hop += 1) {
    const target = targetOf(await read(address), address, architecture);
    if (target === undefined) return undefined;
    if (!isHome(target)) return target;
    address = target;
  }
  return undefined;
}

/** Where jumps inside the region end: the code that a thunk stands for. The start itself when it is no jump. */
export async function landingOf(
  start: number,
  architecture: string,
  { read, isHome }: { readonly read: ReadCode; readonly isHome: (address: number) => boolean },
): Promise<number> {
  let address = start;
  for (let hop = 0; hop < MAX_HOPS; hop += 1) {
    const code = await read(address);
    const target = isCall(code) ? undefined : targetOf(code, address, architecture);
    if (target === undefined || !isHome(target)) return address;
    address = target;
  }
  return address;
}

/** A call comes back: what follows it is the program as well. */
const isCall = (code: Buffer): boolean => code[0] === CALL;
const CALL = 0xe8;

/** @returns where the first instruction jumps or calls to; undefined for every other instruction */
export function targetOf(code: Buffer, address: number, architecture: string): number | undefined {
  if (architecture === "arm64") return targetOfArm(code, address);
  if (architecture === "x64" || architecture === "x86") return targetOfIntel(code, address, architecture);
  return undefined;
}

function targetOfArm(code: Buffer, address: number): number | undefined {
  if (code.length < 4) return undefined;
  const word = code.readUInt32LE(0);
  // B and BL: six bits of operation, 26 of a signed distance in words.
  if ((word & 0x7c00_0000) !== 0x1400_0000) return undefined;
  return address + ((word << 6) >> 6) * 4;
}

function targetOfIntel(code: Buffer, address: number, architecture: "x64" | "x86"): number | undefined {
  const at = skipPreparation(code, architecture);
  const rest = code.subarray(at);
  const here = address + at;
  if (rest.length >= 5 && (rest[0] === 0xe9 || rest[0] === 0xe8)) return here + 5 + rest.readInt32LE(1);
  if (rest.length >= 2 && rest[0] === 0xeb) return here + 2 + rest.readInt8(1);
  return undefined;
}

/** What may stand before the jump: branch marks, no-ops, saving all registers. */
function skipPreparation(code: Buffer, architecture: "x64" | "x86"): number {
  let at = 0;
  while (at < code.length && at < 16) {
    const byte = code[at];
    if (
      byte === 0xf3 &&
      (code.toString("hex", at, at + 4) === "f30f1efa" || code.toString("hex", at, at + 4) === "f30f1efb")
    )
      at += 4;
    else if (byte === 0x90 || byte === 0x9c) at += 1;
    else if (byte === 0x60 && architecture === "x86") at += 1;
    else break;
  }
  return at;
}
