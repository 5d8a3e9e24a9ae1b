/** Runs 7-Zip once over one file. @module */

import { ArtifactError, type ByteSource, SallyportError } from "@sallyport/core";
import { GuestMemory } from "./guest-memory.ts";
import { canWait, sevenZipProgram } from "./program.ts";
import { GuestExit, GuestFailure, notSupported, type Outlets, systemCalls } from "./system.ts";

export interface Errand extends Outlets {
  /** The command line, without the program's name. */
  readonly words: readonly string[];
  readonly source: ByteSource;
  /** All memory the program may have: its code's data, decoder windows, tables. */
  readonly maxMemoryBytes: number;
}

/** Reads and writes may wait for us. */
const WAITING = new Set(["fd_read", "fd_write"]);

/**
 * @returns the exit code: 0 when all went well, 1 for warnings, 2 for errors
 * @throws {@link ArtifactError} `artifact.over-limit` when it needs more memory, `artifact.malformed` when it breaks;
 * whatever the errand's calls throw
 */
export async function runSevenZip(errand: Errand): Promise<number> {
  if (!canWait()) throw new ArtifactError("artifact.unsupported", "this Node cannot run 7-Zip");
  const program = await sevenZipProgram();
  let memory: GuestMemory | undefined;
  const known = (): GuestMemory => {
    if (memory === undefined) throw new GuestFailure("called before it was there");
    return memory;
  };
  const instance = await WebAssembly.instantiate(
    program,
    importsFor(program, systemCalls(errand.source, known, errand)),
  );
  memory = new GuestMemory(memoryOf(instance), errand.maxMemoryBytes);
  try {
    call(instance, "__wasm_call_ctors")();
    const words = ["7zz", ...errand.words];
    const list = putWords(instance, memory, words);
    const code = await WebAssembly.promising(instance.exports.__main_argc_argv)(words.length, list);
    return checked(code, memory);
  } catch (error) {
    if (error instanceof GuestExit) return checked(error.status, memory);
    throw asArtifactError(error, memory);
  }
}

/** 7-Zip ends with 8 when it lacks memory, but not whenever it does. */
function checked(code: number, memory: GuestMemory): number {
  if (memory.wasRefused) throw overMemory(memory);
  return code;
}

const overMemory = ({ maxBytes }: GuestMemory): ArtifactError =>
  new ArtifactError("artifact.over-limit", `unpacking it needs more than ${maxBytes} bytes at once`);

function asArtifactError(error: unknown, memory: GuestMemory): unknown {
  if (error instanceof SallyportError) return error;
  if (memory.wasRefused) return overMemory(memory);
  // A trap, a stack that is used up, an exception in C++: damage that 7-Zip does not survive.
  if (
    error instanceof GuestFailure ||
    error instanceof WebAssembly.RuntimeError ||
    error instanceof RangeError
  )
    return new ArtifactError("artifact.malformed", "it is damaged so that 7-Zip breaks on it", {
      cause: error,
    });
  return error;
}

function importsFor(
  program: WebAssembly.Module,
  calls: Readonly<Record<string, (...numbers: never[]) => unknown>>,
): WebAssembly.Imports {
  const imports: WebAssembly.Imports = {};
  for (const { module, name } of WebAssembly.Module.imports(program)) {
    const known = calls[name] ?? notSupported;
    imports[module] ??= {};
    Object.assign(imports[module], { [name]: WAITING.has(name) ? new WebAssembly.Suspending(known) : known });
  }
  return imports;
}

function memoryOf({ exports }: WebAssembly.Instance): WebAssembly.Memory {
  const { memory } = exports;
  if (memory instanceof WebAssembly.Memory) return memory;
  throw new GuestFailure("has no memory");
}

function call({ exports }: WebAssembly.Instance, name: string): (...numbers: number[]) => unknown {
  const found = exports[name];
  if (typeof found === "function") return (...numbers) => found(...numbers);
  throw new GuestFailure(`has no ${name}`);
}

/** Puts the command line on the program's stack. @returns the address of the list of addresses */
function putWords(instance: WebAssembly.Instance, memory: GuestMemory, words: readonly string[]): number {
  const allocate = call(instance, "_emscripten_stack_alloc");
  const addresses = words.map((word) => {
    const address = Number(allocate(Buffer.byteLength(word) + 1));
    memory.putText(address, word);
    return address;
  });
  const list = Number(allocate(4 * (words.length + 1)));
  for (const [index, address] of [...addresses, 0].entries()) memory.putNumber(list + 4 * index, address);
  return list;
}
