/** Releases in files, as parser processes write them, for tests of what compares them. @module */

import { createHash } from "node:crypto";
import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ArtifactMember } from "../artifact.ts";
import { PortraitWriter } from "../study/portrait-writer.ts";
import { PortraitFile } from "./portrait-file.ts";

export interface MemberRequest extends Partial<Omit<ArtifactMember, "path" | "sha256">> {
  /** What it holds; members with equal words hold equal bytes. */
  readonly content?: string;
  readonly values?: Readonly<Record<string, unknown>>;
  readonly problems?: Readonly<Record<string, string>>;
}

const opened: number[] = [];

/** @returns a release whose members have these paths, behind its root */
export function releaseOf(members: Readonly<Record<string, MemberRequest>>): PortraitFile {
  const writer = writeTo();
  for (const [index, [path, request]] of Object.entries({ "": {}, ...members }).entries()) {
    const { content = path, values = {}, problems = {}, ...claims } = request as MemberRequest;
    const sha256 = path === "" ? "0".repeat(64) : createHash("sha256").update(content).digest("hex");
    writer.member(index, { path, sha256, sizeBytes: 100, format: "data", signatures: [], ...claims });
    writer.observations(index, JSON.stringify({ values, problems }));
  }
  return writer.finish();
}

/** A file to write lines into, and to read as a release. */
export function writeTo(): PortraitWriter & { finish(earlier?: PortraitFile): PortraitFile } {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-portraits-"));
  const descriptor = openSync(join(folder, "portraits"), "wx+");
  rmSync(folder, { recursive: true });
  opened.push(descriptor);
  const writer = new PortraitWriter(descriptor);
  return Object.assign(writer, {
    finish: (earlier?: PortraitFile) => {
      writer.flush();
      return new PortraitFile(descriptor, earlier);
    },
  });
}

export function closeReleases(): void {
  for (const descriptor of opened.splice(0)) closeSync(descriptor);
}
