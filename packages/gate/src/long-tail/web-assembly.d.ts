/**
 * What is used of WebAssembly, which TypeScript describes only for browsers, with JavaScript Promise Integration, which
 * it does not describe yet. Source: WebAssembly JavaScript Interface; JSPI proposal, phase 4.
 */
declare namespace WebAssembly {
  class Module {
    private readonly brand: never;
    static imports(module: Module): { readonly module: string; readonly name: string }[];
  }
  class Instance {
    readonly exports: Readonly<Record<string, unknown>>;
  }
  class Memory {
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  class RuntimeError extends Error {}
  type Imports = Record<string, Record<string, unknown>>;
  function compile(bytes: Uint8Array): Promise<Module>;
  function instantiate(module: Module, imports: Imports): Promise<Instance>;

  class Suspending {
    constructor(call: (...numbers: never[]) => unknown);
  }
  function promising(call: unknown): (...numbers: number[]) => Promise<number>;
}
