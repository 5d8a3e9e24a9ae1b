/**
 * What stands behind the image, where nothing loads it by itself. Installers keep their archives there; a library has no
 * use for it, and payloads have.
 * @module
 */

import type { ExecutableFacts, Overlay } from "../executable/facts.ts";
import { executablesOf } from "../executable/index.ts";
import { type Difference, defineTrait, type Excerpt, type Risk, type Trait } from "../trait.ts";

export const overlay: Trait = defineTrait({
  id: "overlay",
  title: "Bytes behind the image",
  question: "Did bytes appear behind the end of the program?",
  document: "Microsoft, PE Format; System V gABI; Apple, mach-o/loader.h",
  rules: {
    "overlay-added": "Bytes stand behind the image, where none were.",
    "overlay-changed-kind": "What stands behind the image is of another kind.",
    "overlay-changed": "Other bytes stand behind the image.",
  },
  *compare(pair) {
    const executables = executablesOf(pair);
    const [before, after] = [executables?.before.overlay, executables?.after.overlay];
    if (executables === undefined || after === undefined || before?.sha256 === after.sha256) return;
    const found = before === undefined ? judgeAdded(executables.after, after) : judgeChanged(before, after);
    yield { ...found, ...(before !== undefined && { before: show(before) }), after: show(after) };
  },
});

type Found = Pick<Difference, "rule" | "risk" | "because">;

/** Packed, encrypted, or random. */
const DENSE_BITS = 7.2;
const PROGRAMS: ReadonlySet<string> = new Set(["pe", "elf", "mach-o"]);

const isDense = ({ entropy, looksLike }: Overlay): boolean => looksLike === "data" && entropy >= DENSE_BITS;

function judgeAdded(facts: ExecutableFacts, added: Overlay): Found {
  return {
    rule: "overlay-added",
    risk: riskOfAdded(facts, added),
    because: `has ${words(added)} behind the end of the image, where nothing was`,
  };
}

function riskOfAdded({ role }: ExecutableFacts, added: Overlay): Risk {
  if (added.looksLike === "zeros") return "info";
  if (PROGRAMS.has(added.looksLike) || isDense(added)) return "high";
  // A program may have become an installer; a library never does.
  if (added.looksLike !== "data" && added.looksLike !== "text") return role === "program" ? "medium" : "high";
  return "medium";
}

function judgeChanged(before: Overlay, after: Overlay): Found {
  const isOtherKind = before.looksLike !== after.looksLike || isDense(before) !== isDense(after);
  if (!isOtherKind)
    return { rule: "overlay-changed", risk: "info", because: "has other bytes behind the end of the image" };
  const isWorse = PROGRAMS.has(after.looksLike) || isDense(after);
  return {
    rule: "overlay-changed-kind",
    risk: isWorse ? "high" : "low",
    because: `has ${words(after)} behind the end of the image, not ${words(before)} as before`,
  };
}

function words(part: Overlay): string {
  if (PROGRAMS.has(part.looksLike)) return "another program";
  if (part.looksLike === "data")
    return isDense(part) ? "packed or encrypted bytes" : "bytes of no known kind";
  return part.looksLike === "zeros" || part.looksLike === "text"
    ? part.looksLike
    : `data of kind ${part.looksLike}`;
}

const show = (part: Overlay): Excerpt => ({
  offsetBytes: part.offsetBytes,
  hex: part.hex,
  text: `${part.sizeBytes} bytes, ${part.entropy} bits per byte, looks like ${part.looksLike}`,
});
