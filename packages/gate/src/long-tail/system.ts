/**
 * Everything that 7-Zip can reach: one file to read, a log, and a place for what it unpacks. No folder, no other file,
 * no clock, no environment. Reads and writes may wait: the program stands still meanwhile.
 * Sources: emscripten's system calls, WASI preview 1 (fd_read, fd_write, fd_seek), WebAssembly JavaScript Promise
 * Integration.
 * @module
 */

import type { ByteSource } from "@sallyport/core";
import type { GuestMemory } from "./guest-memory.ts";
import { OpenFile } from "./open-file.ts";

/** The name under which the program finds the file. */
export const GUEST_FILE = "archive";

const ERROR = { badDescriptor: 8, invalid: 28, noEntry: 44, notSupported: 52, noTerminal: 59, noSeek: 70 };
const FILE_MODE = 0o100444;
const FOLDER_MODE = 0o40555;
const [OUTPUT, LOG] = [1, 2];
const OPEN_FILES = 64;

export interface Outlets {
  /** Called often, while the program runs; whatever it throws ends the program. */
  readonly checkTime: () => void;
  /** Standard output. The program waits for the promise, if there is one. */
  readonly onOutput: (bytes: Uint8Array) => Promise<void> | undefined;
  /** Standard error. */
  readonly onLog: (bytes: Uint8Array) => void;
}

/** The program ended itself. */
export class GuestExit extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`exit ${status}`);
    this.status = status;
  }
}

/** The program gave up in a way of its own: a C++ exception, which it cannot catch, or an abort. */
export class GuestFailure extends Error {}

type SystemCall = (...numbers: never[]) => unknown;

/** @param memory - asked for at each call: it is known only once the program is there */
export function systemCalls(
  source: ByteSource,
  memory: () => GuestMemory,
  outlets: Outlets,
): Record<string, SystemCall> {
  const files = new Map<number, OpenFile>();
  const status = (path: number, address: number): number => putStatus(memory(), source, { path, address });
  return {
    ...descriptorCalls(files, memory, outlets),
    ...processCalls(memory, outlets),
    __syscall_openat: (_folder: number, path: number) => {
      if (!isTheFile(memory().text(path))) return -ERROR.noEntry;
      if (files.size >= OPEN_FILES) return -ERROR.invalid;
      const descriptor = Math.max(LOG, ...files.keys()) + 1;
      files.set(descriptor, new OpenFile(source));
      return descriptor;
    },
    __syscall_fstat64: (descriptor: number, address: number) => {
      if (!files.has(descriptor)) return -ERROR.badDescriptor;
      memory().putStatus(address, { mode: FILE_MODE, sizeBytes: source.sizeBytes });
      return 0;
    },
    __syscall_stat64: status,
    __syscall_lstat64: status,
    __syscall_newfstatat: (_folder: number, path: number, address: number) => status(path, address),
    __syscall_getcwd: (address: number) => {
      memory().putText(address, "/");
      return 2;
    },
  };
}

/** The working folder is `/`, to which the program adds a separator of its own. */
const isTheFile = (path: string): boolean => path.replace(/^\.?\/{1,2}/, "") === GUEST_FILE;

function putStatus(
  memory: GuestMemory,
  source: ByteSource,
  { path, address }: { path: number; address: number },
): number {
  const text = memory.text(path);
  if (isTheFile(text)) memory.putStatus(address, { mode: FILE_MODE, sizeBytes: source.sizeBytes });
  else if (text === "/" || text === ".") memory.putStatus(address, { mode: FOLDER_MODE, sizeBytes: 0 });
  else return -ERROR.noEntry;
  return 0;
}

function descriptorCalls(
  files: Map<number, OpenFile>,
  memory: () => GuestMemory,
  { checkTime, onOutput, onLog }: Outlets,
): Record<string, SystemCall> {
  return {
    fd_close: (descriptor: number) => (files.delete(descriptor) ? 0 : ERROR.badDescriptor),
    fd_fdstat_get: (descriptor: number, address: number) => {
      memory().putDescriptorStatus(address, descriptor <= LOG ? 2 : 4);
      return 0;
    },
    fd_seek: (descriptor: number, offset: bigint, whence: number, result: number) => {
      const position = files.get(descriptor)?.seek(Number(offset), whence);
      if (position === undefined) return files.has(descriptor) ? ERROR.invalid : ERROR.noSeek;
      memory().putLong(result, position);
      return 0;
    },
    fd_read: (descriptor: number, vectors: number, count: number, result: number) => {
      checkTime();
      // One piece is enough: a read may answer with less.
      const target = memory()
        .vectors(vectors, count)
        .find(({ length }) => length > 0);
      const done = (length: number): number => {
        memory().putNumber(result, length);
        return 0;
      };
      const length = target === undefined ? 0 : (files.get(descriptor)?.readInto(target) ?? 0);
      return typeof length === "number" ? done(length) : length.then(done);
    },
    fd_write: (descriptor: number, vectors: number, count: number, result: number) => {
      checkTime();
      if (descriptor !== OUTPUT && descriptor !== LOG) return ERROR.badDescriptor;
      const pieces = memory().vectors(vectors, count);
      const bytes = Buffer.concat(pieces);
      memory().putNumber(result, bytes.length);
      if (descriptor === LOG) onLog(bytes);
      return descriptor === OUTPUT ? (onOutput(bytes)?.then(() => 0) ?? 0) : 0;
    },
  };
}

function processCalls(memory: () => GuestMemory, { checkTime }: Outlets): Record<string, SystemCall> {
  return {
    __syscall_ioctl: () => -ERROR.noTerminal,
    environ_sizes_get: (count: number, sizeBytes: number) => {
      memory().putNumber(count, 0);
      memory().putNumber(sizeBytes, 0);
      return 0;
    },
    environ_get: () => 0,
    // Times are not shown, so they need not be right.
    emscripten_date_now: () => 0,
    clock_time_get: (_clock: number, _precision: bigint, address: number) => {
      checkTime();
      memory().putLong(address, 0);
      return 0;
    },
    _tzset_js: (zone: number, daylight: number, name: number, summerName: number) => {
      memory().putNumber(zone, 0);
      memory().putNumber(daylight, 0);
      memory().putText(name, "UTC");
      memory().putText(summerName, "UTC");
    },
    _localtime_js: (_time: bigint, address: number) => memory().putNoTime(address),
    _gmtime_js: (_time: bigint, address: number) => memory().putNoTime(address),
    _mktime_js: () => 0n,
    emscripten_get_heap_max: () => 2 ** 31,
    emscripten_resize_heap: (sizeBytes: number) => (memory().grow(sizeBytes >>> 0) ? 1 : 0),
    exit: (code: number) => {
      throw new GuestExit(code);
    },
    _abort_js: () => {
      throw new GuestFailure("aborted");
    },
    __cxa_throw: () => {
      throw new GuestFailure("threw an exception");
    },
  };
}

/** What is not there: writing, making, linking and removing files, and the like. */
export const notSupported = (): number => -ERROR.notSupported;
