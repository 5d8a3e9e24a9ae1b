import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasGpg, NO_GPG } from "@sallyport/openpgp/gpg.fixture";
import { contentOf, debianLists, hasApt, NO_APT, recordingContext, sourceOf } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { clearSigned } from "./index.ts";

describe.skipIf(!hasApt() || !hasGpg())(`the releases of real archives (or ${NO_APT}, ${NO_GPG})`, () => {
  it("hold the text that GnuPG takes out of them", { timeout: 120_000 }, async () => {
    const lists = await debianLists();
    const releases = readdirSync(lists).filter((name) => name.endsWith("_InRelease"));
    expect(releases.length).toBeGreaterThan(0);
    const home = mkdtempSync(join(tmpdir(), "gpg-"));
    try {
      for (const name of releases) {
        const bytes = readFileSync(join(lists, name));
        const { context, findings } = recordingContext();
        const texts: Buffer[] = [];
        for await (const member of clearSigned.open?.(sourceOf(bytes), context) ?? [])
          texts.push(await contentOf(member));
        expect(findings).toEqual([]);
        // Without the key it says so, and still writes the text.
        const told = spawnSync("gpg", ["--homedir", home, "--batch", "--quiet", "--decrypt"], {
          input: bytes,
          maxBuffer: 1 << 26,
        });
        expect(texts.map(String)).toEqual([told.stdout.toString()]);
      }
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });
});
