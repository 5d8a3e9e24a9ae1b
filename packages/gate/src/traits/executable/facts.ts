/**
 * What is kept of one executable image, whatever its format: PE, ELF, or one slice of Mach-O. Observed once, compared
 * by the traits beside this folder. Everything is the file's own claim, or a digest of its bytes. Plain JSON, at most
 * {@link MAX_FACTS_BYTES} of it. Numbers that do not fit 2^53 are left out by the readers.
 * @module
 */

/** What one image may take as JSON; the readers' caps keep below it. */
export const MAX_FACTS_BYTES = 256 * 1024;

export interface ExecutableFacts {
  readonly kind: "pe" | "elf" | "mach-o";
  /** As in the identity: `x64`, `arm64`. */
  readonly architecture: string;
  readonly role: ExecutableRole;
  /** The code that runs is bytecode for a runtime: .NET. What its imports say is little. */
  readonly isManaged?: boolean;
  /** Ties the image to one run of the linker: PDB GUID and age, GNU build id, LC_UUID; lower-case hex. */
  readonly linkId?: string;
  /** Seconds since 1970 as the linker wrote them; not kept when 0. Reproducible builds put a hash here. */
  readonly linkedAt?: number;
  /** In the file's order: sections, or segments where an ELF file has no sections. At most {@link MAX_REGIONS}. */
  readonly regions: readonly Region[];
  readonly entry?: EntryPoint;
  /** `library!function`, lower-case library without its path; `!function` where the format names no library (ELF). */
  readonly imports: NameList;
  /** Subset of the imports, in the same form: found only when called (PE delay imports), or allowed to be missing. */
  readonly lateImports: NameList;
  readonly exports: NameList;
  /** `name → library.function`: exports that another library answers. */
  readonly forwards: NameList;
  /** Libraries it asks for: DLLs (lower-case, without `.dll`), DT_NEEDED and LC_LOAD_DYLIB as written. */
  readonly libraries: NameList;
  /** DT_RPATH, DT_RUNPATH, LC_RPATH, as written. */
  readonly searchPaths: NameList;
  /** What runs before, or instead of, the entry point. */
  readonly initialisers: InitialiserList;
  readonly overlay?: Overlay;
  readonly resources: ResourceList;
  /** Marks of tools and machines, by kebab-case name: see {@link BuildMark}. Values sorted, each at most 256 characters. */
  readonly buildMarks: Readonly<Partial<Record<BuildMark, readonly string[]>>>;
  /** What could not be read as its format promises, in words: `import table`. Sorted; a change of it is worth a look. */
  readonly unreadable: readonly string[];
}

export type ExecutableRole = "program" | "library" | "driver" | "object" | "firmware";

/**
 * - `linker`: linker and its version; `compiler`: what compiled it (.comment, Go version, Rich header's tools)
 * - `build-path`: folders of the machine that built it (PDB path); `platform`: system and least version it asks for
 * - `protections`: what the system is asked to guard: `aslr`, `nx`
 */
export type BuildMark = "linker" | "compiler" | "build-path" | "platform" | "protections";

export const MAX_REGIONS = 256;

export interface Region {
  /** `.text`, `__TEXT,__text`. Not trusted. */
  readonly name: string;
  /** In memory: relative to the image base in PE, as written otherwise. */
  readonly address: number;
  readonly memoryBytes: number;
  readonly offsetBytes: number;
  /** 0 when nothing of it stands in the file. */
  readonly fileBytes: number;
  /** Of the mapped memory: `r-x`. */
  readonly access: string;
  /** Holds instructions by its own flags (not only because it shares a page with some). */
  readonly isCode: boolean;
  /** Lower-case hex over the bytes that count in memory (PE: without the padding up to the file alignment). Absent without bytes. */
  readonly sha256?: string;
  /** Shannon entropy in bits per byte, two decimals. */
  readonly entropy?: number;
  /**
   * For code: one 32-bit hash (8 hex digits, joined) per block, so that changed places are found without the bytes.
   * At most {@link MAX_BLOCKS} blocks, all of {@link blockBytes}, the last one shorter.
   */
  readonly blocks?: string;
  readonly blockBytes?: number;
  /** What stands in the padding behind {@link memoryBytes}, when it is not one repeated byte. */
  readonly padding?: { readonly offsetBytes: number; readonly usedBytes: number; readonly hex: string };
}

export const MAX_BLOCKS = 2048;

export interface EntryPoint {
  readonly address: number;
  /** Undefined when the address stands in no bytes of the file. */
  readonly offsetBytes?: number;
  /** Index into the regions. */
  readonly region?: number;
  /** First 64 bytes, hex. */
  readonly hex: string;
  /** First 16 bytes of the code that jumps lead to inside of its region, hex; absent when it begins with no jump. */
  readonly landing?: string;
  /** Where its first instructions lead when they leave the region it stands in at once: index of that region, -1 for none. */
  readonly leadsTo?: number;
}

/** Sorted and without repetition. What is beyond the cap is digested, so that a change there is still a difference. */
export interface NameList {
  readonly names: readonly string[];
  /** How many there are in all. */
  readonly count: number;
  /** Over all names, lower-case hex; only when some were left out. */
  readonly sha256?: string;
}

export interface Initialiser {
  /** `tls-callback`, `init`, `preinit-array`, `init-array`, `ctors`, `mod-init-func`, `init-offsets`, `routines`, `ifunc`, `fini-array`. */
  readonly kind: string;
  /** Of the function it calls; undefined when only the loader knows (relocations, chained fixups). */
  readonly address?: number;
  /** Index of the region that address lies in; -1 for none. */
  readonly region?: number;
}

export interface InitialiserList {
  /** Index of the region in which a list of them stands, by kind, where that says something. */
  readonly listRegions?: Readonly<Record<string, number>>;
  /** By kind, how many there are. */
  readonly counts: Readonly<Record<string, number>>;
  /** The first 512. */
  readonly entries: readonly Initialiser[];
}

export interface Overlay {
  readonly offsetBytes: number;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly entropy: number;
  /** First 32 bytes, hex. */
  readonly hex: string;
  /** What its first bytes look like: `pe`, `zip`, `7z`, `text`, `zeros`, `data`, … */
  readonly looksLike: string;
}

export interface ResourceFact {
  /** `RCDATA/102/1033`: type, name, language. */
  readonly id: string;
  readonly offsetBytes: number;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly entropy: number;
  /** First 16 bytes, hex. */
  readonly hex: string;
  /** As in {@link Overlay.looksLike}. */
  readonly looksLike: string;
}

export interface ResourceList {
  /** In order of type, name and language; the largest when there are more than are kept. */
  readonly entries: readonly ResourceFact[];
  readonly count: number;
  /** Over the digests of all, only when some were left out. */
  readonly sha256?: string;
}

/** For formats that have none of a kind. */
export const noNames: NameList = { names: [], count: 0 };
