/** Filters that may stand in front of LZMA2, by their numbers. Source: xz-file-format 1.2.1 §5.3, §5.4. @module */

import { ArtifactError } from "@sallyport/core";
import { armThumb } from "./arm-thumb.ts";
import { deltaFilter } from "./delta.ts";
import { type AddressConverter, addressFilter, type Filter } from "./filter.ts";
import { ia64 } from "./ia64.ts";
import { arm, arm64, powerPc, sparc } from "./instruction-words.ts";
import { riscv } from "./riscv.ts";
import { x86 } from "./x86.ts";

const DELTA = 3;

interface Architecture {
  /** Start offsets are multiples of this. */
  readonly alignmentBytes: number;
  /** Called once for each block. */
  readonly converter: () => AddressConverter;
}

const ARCHITECTURES: ReadonlyMap<number, Architecture> = new Map([
  [4, { alignmentBytes: 1, converter: x86 }],
  [5, { alignmentBytes: 4, converter: () => powerPc }],
  [6, { alignmentBytes: 16, converter: () => ia64 }],
  [7, { alignmentBytes: 4, converter: () => arm }],
  [8, { alignmentBytes: 2, converter: () => armThumb }],
  [9, { alignmentBytes: 4, converter: () => sparc }],
  [10, { alignmentBytes: 4, converter: () => arm64 }],
  [11, { alignmentBytes: 2, converter: () => riscv }],
]);

/** As a block's header gives it. */
export interface FilterFlags {
  readonly id: number;
  readonly properties: Buffer;
}

/** @throws {@link ArtifactError} `artifact.unsupported`, `artifact.malformed` for properties that cannot be */
export function startFilter({ id, properties }: FilterFlags): Filter {
  if (id === DELTA) {
    if (properties.length !== 1) throw malformed();
    return deltaFilter(properties.readUInt8(0) + 1);
  }
  const architecture = ARCHITECTURES.get(id);
  if (architecture === undefined)
    throw new ArtifactError("artifact.unsupported", `xz: filter ${id} is not supported`);
  if (properties.length !== 0 && properties.length !== 4) throw malformed();
  const startOffset = properties.length === 0 ? 0 : properties.readUInt32LE(0);
  if (startOffset % architecture.alignmentBytes !== 0) throw malformed();
  return addressFilter(architecture.converter(), startOffset);
}

const malformed = (): ArtifactError =>
  new ArtifactError("artifact.malformed", "xz: a filter's properties are damaged");
