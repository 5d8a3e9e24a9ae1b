/** A signed app, built in code, and a descent that takes apart what it stands in. */

import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Budget, DEFAULT_LIMITS, type Evidence, MemorySource } from "@sallyport/core";
import { descend } from "../../descent/descent.ts";
import { Spool } from "../../descent/spool.ts";
import { formats } from "../../formats/registry.ts";
import { appleCode } from "../../signatures/apple-code/index.ts";
import { NOW, type SigningShape, signMachO, trust } from "../../signatures/apple-code/signing.fixture.ts";

export type Files = Record<string, Uint8Array>;

const digest = (algorithm: string, bytes: Uint8Array): Buffer => createHash(algorithm).update(bytes).digest();
const data = (bytes: Buffer): string => `<data>${bytes.toString("base64")}</data>`;

export const sealFile = (bytes: Uint8Array, more = ""): string =>
  `<dict><key>hash</key>${data(digest("sha1", bytes))}<key>hash2</key>${data(digest("sha256", bytes))}${more}</dict>`;

const USUAL_RULES =
  "<dict><key>^.*</key><true/><key>^Info\\.plist$</key><dict><key>omit</key><true/><key>weight</key><real>20</real></dict></dict>";

export function writeList(entries: Readonly<Record<string, string>>, rules = USUAL_RULES): Buffer {
  const files = Object.entries(entries)
    .map(([name, entry]) => `<key>${name}</key>${entry}`)
    .join("");
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict><key>files</key><dict/><key>files2</key><dict>${files}</dict><key>rules2</key>${rules}</dict></plist>
`,
  );
}

export interface AppShape {
  /** From `Contents/`, sealed. */
  readonly resources: Files;
  /** More entries of the list. */
  readonly entries?: Readonly<Record<string, string>>;
  readonly rules?: string;
  readonly signing?: SigningShape;
}

/** The files of `Demo.app`, by their names from `Contents/`. */
export function buildApp({ resources, entries = {}, rules, signing = {} }: AppShape): Files {
  const list = writeList(
    {
      ...Object.fromEntries(Object.entries(resources).map(([name, bytes]) => [name, sealFile(bytes)])),
      ...entries,
    },
    rules,
  );
  const information = Buffer.from("<plist><dict/></plist>");
  const outside = new Map([
    [1, digest("sha256", information)],
    [3, digest("sha256", list)],
  ]);
  return {
    "Info.plist": information,
    PkgInfo: Buffer.from("APPL????"),
    "_CodeSignature/CodeResources": list,
    "MacOS/demo": signMachO({ outside, ...signing }).bytes,
    ...resources,
  };
}

export const inFolder = (folder: string, files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [folder + name, bytes]));

/** What is said of the integrity of the members, with their paths; the code's own signatures included. */
export async function problemsOf(container: Uint8Array): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-bundle-"));
  const evidence: Evidence[] = [];
  try {
    await descend(new MemorySource(container), {
      formats,
      schemes: [appleCode],
      budget: new Budget(DEFAULT_LIMITS),
      trust,
      now: NOW,
      spool: new Spool(folder),
      brought: { label: "", signatures: [], keys: [] },
      maxHeldBytes: 64 * 1024 * 1024,
      listener: {
        at: () => {},
        recognised: () => {},
        member: () => {},
        evidence: (item) => evidence.push(item),
      },
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
  return evidence
    .filter(({ outcome }) => outcome !== "pass")
    .map(({ path = "", outcome, because }) => `${path}: ${outcome}: ${because}`);
}
