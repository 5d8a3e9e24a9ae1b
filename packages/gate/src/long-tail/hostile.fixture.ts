/**
 * What every format that 7-Zip opens must stand: for the hostile tests beside such formats. Damage never ends in
 * silence: whoever reads less than the whole is told so.
 * @module
 */

import { expect, it } from "vitest";
import { walkContainer } from "../formats/container-walk.fixture.ts";
import type { Format } from "../formats/format.ts";
import { flips } from "../formats/stream-walk.fixture.ts";

const CUTS = 48;
const FLIPS = 100;
/** Targets of links are unpacked as well. */
const LINK_BYTES = 64;

export interface HostileSuite {
  readonly format: Format;
  /** An ordinary file of the format. */
  readonly sample: Buffer;
  /** What may follow the archive unseen, and why, when something may. */
  readonly tailIsFree?: string;
  /** Its members are ranges of the file, which the descent counts, or it unpacks more than they are. */
  readonly isCountedElsewhere?: true;
}

export function hostileSuite({ format, sample, tailIsFree, isCountedElsewhere }: HostileSuite): void {
  const walk = (bytes: Buffer) => walkContainer(format, bytes);

  it("reads no file of an archive that is cut short as a whole one", async () => {
    const { members } = await walk(sample);
    for (let cut = 0; cut < CUTS; cut += 1) {
      const at = Math.floor((sample.length * cut) / CUTS);
      const found = await walk(sample.subarray(0, at));
      const isWhole = sameMembers(found.members, members);
      expect(isWhole || found.code !== "" || found.findings.length > 0, `cut at ${at}`).toBe(true);
    }
  });

  it("answers flipped bytes with our errors, findings or bounded content only", async () => {
    const limits = { bytes: 64 * 1024 * 1024, entries: 2000 };
    for (const flipped of flips(sample, { count: FLIPS, seed: 11 })) {
      const { members } = await walkContainer(format, flipped, { limits });
      const sizeBytes = members.reduce((sum, { bytes }) => sum + bytes.length, 0);
      expect(sizeBytes).toBeLessThanOrEqual(limits.bytes);
    }
  });

  it("does not begin what claims more than the budget has left, and stops at it", async () => {
    const { members } = await walk(sample);
    const whole = members.reduce((sum, { bytes }) => sum + bytes.length, 0);
    if (whole === 0 || isCountedElsewhere === true) return;
    const found = await walkContainer(format, sample, { limits: { bytes: whole - 1 } });
    expect(found.code).toBe("artifact.over-limit");
    const enough = whole + LINK_BYTES;
    expect(await walkContainer(format, sample, { limits: { bytes: enough } })).toMatchObject({ code: "" });
  });

  it("holds no list that needs more memory than it may", async () => {
    const found = await walkContainer(format, sample, { maxHeldBytes: 0 });
    if (found.members.length > 0) expect(found.code).toBe("artifact.over-limit");
  });

  const promise =
    tailIsFree === undefined ? "reports bytes behind it" : `lets bytes stand behind it: ${tailIsFree}`;
  it(promise, async () => {
    const junk = Buffer.from("bytes of nobody ".repeat(64));
    const { code, findings } = await walk(Buffer.concat([sample, junk]));
    const isSeen = code !== "" || findings.some(({ outcome }) => outcome !== "pass");
    expect(isSeen).toBe(tailIsFree === undefined);
  });

  it("hands on no name that climbs without a word", async () => {
    const climbing = Buffer.from(sample);
    for (const [from, to] of RENAMED)
      for (let at = climbing.indexOf(from); at >= 0; at = climbing.indexOf(from, at + 1))
        to.copy(climbing, at);
    const { members, findings, code } = await walk(climbing);
    const climbs = members.some(({ name }) => name.split(/[\\/]/).includes(".."));
    const isReported = findings.some(
      ({ check, facts }) => check === "member-names" && facts.escapes === true,
    );
    expect(!climbs || isReported || code !== "").toBe(true);
  });
}

/** Names of the same length, as 8-bit and as 16-bit characters. */
const RENAMED = [
  [Buffer.from("a.txt"), Buffer.from("../ab")],
  [Buffer.from("a.txt", "utf16le"), Buffer.from("../ab", "utf16le")],
] as const;

type Members = readonly { readonly name: string; readonly bytes: Buffer }[];

const sameMembers = (some: Members, all: Members): boolean =>
  some.length === all.length &&
  some.every(({ name, bytes }, index) => name === all[index]?.name && bytes.equals(all[index].bytes));
