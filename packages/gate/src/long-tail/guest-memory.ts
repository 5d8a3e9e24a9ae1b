/** Reads and writes the memory of a WebAssembly program; every address comes from the program. @module */

/** Sizes of emscripten's wasm32 structures. Source: emscripten, `bits/stat.h` and `wasi/api.h` of its musl. */
const STAT_BYTES = 96;
const FDSTAT_BYTES = 24;
const TIME_BYTES = 44;
const LONGEST_TEXT_BYTES = 4096;
const PAGE_BYTES = 65_536;

export interface FileStatus {
  readonly mode: number;
  readonly sizeBytes: number;
}

export class GuestMemory {
  readonly #memory: WebAssembly.Memory;
  readonly maxBytes: number;
  /** True once the program asked for more than it may have. */
  wasRefused = false;

  constructor(memory: WebAssembly.Memory, maxBytes: number) {
    this.#memory = memory;
    this.maxBytes = maxBytes;
  }

  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, address, length);
  }

  text(address: number): string {
    const all = Buffer.from(this.#memory.buffer);
    const end = all.subarray(0, address + LONGEST_TEXT_BYTES).indexOf(0, address);
    return all.toString("utf8", address, end < 0 ? address : end);
  }

  /** With a zero behind it. */
  putText(address: number, text: string): void {
    const bytes = Buffer.from(`${text}\0`);
    this.bytes(address, bytes.length).set(bytes);
  }

  putNumber(address: number, value: number): void {
    this.#view().setUint32(address, value, true);
  }

  putLong(address: number, value: number): void {
    this.#view().setBigInt64(address, BigInt(value), true);
  }

  putStatus(address: number, { mode, sizeBytes }: FileStatus): void {
    this.bytes(address, STAT_BYTES).fill(0);
    this.putNumber(address + 4, mode);
    this.putNumber(address + 8, 1);
    this.putLong(address + 24, sizeBytes);
    this.putNumber(address + 32, 4096);
  }

  /** @param type - 2 for a character device, 4 for a file */
  putDescriptorStatus(address: number, type: number): void {
    this.bytes(address, FDSTAT_BYTES).fill(0)[0] = type;
  }

  /** The structure `tm`, all zero. */
  putNoTime(address: number): void {
    this.bytes(address, TIME_BYTES).fill(0);
  }

  /** The pieces of a vectored read or write. */
  vectors(address: number, count: number): Uint8Array[] {
    const view = this.#view();
    return Array.from({ length: count }, (_, index) => {
      const at = address + 8 * index;
      return this.bytes(view.getUint32(at, true), view.getUint32(at + 4, true));
    });
  }

  /** @returns whether the memory could grow to `sizeBytes` */
  grow(sizeBytes: number): boolean {
    const missing = sizeBytes - this.#memory.buffer.byteLength;
    try {
      if (sizeBytes > this.maxBytes) throw new RangeError("over the limit");
      this.#memory.grow(Math.ceil(missing / PAGE_BYTES));
      return true;
    } catch {
      this.wasRefused = true;
      return false;
    }
  }

  #view(): DataView {
    return new DataView(this.#memory.buffer);
  }
}
