import { describe, expect, it } from "vitest";
import { readAll } from "../../witnesses/read.fixture.ts";
import { homebrewCask } from "./index.ts";
import { casks, sample } from "./sample.fixture.ts";

const list = (...given: readonly object[]) => ({ "cask.json": JSON.stringify(given) });
const [app = {}] = casks;

describe("homebrew-cask", () => {
  it("reads the file of each architecture once, without what only the address needs", async () => {
    const { facts, skipped } = await readAll(homebrewCask, sample);
    expect(skipped).toEqual([]);
    const both = { packageId: "app", product: "Example App", version: "1.2.3" };
    expect(facts).toEqual([
      {
        kind: "witness",
        witness: {
          ...both,
          sha256: "ab".repeat(32),
          architecture: "arm64",
          url: "https://software.example/App-1.2.3-arm64.dmg",
        },
      },
      {
        kind: "witness",
        witness: {
          ...both,
          sha256: "cd".repeat(32),
          architecture: "x64",
          url: "https://software.example/App-1.2.3-x64.dmg",
        },
      },
    ]);
  });

  it("says nothing of the architecture where one file is for all", async () => {
    const { facts } = await readAll(homebrewCask, list({ ...app, variations: {} }));
    expect(facts).toHaveLength(1);
    expect(facts[0]).not.toHaveProperty("witness.architecture");
  });

  it("takes no_check for no witness, and says how many there are", async () => {
    const { facts, skipped } = await readAll(
      homebrewCask,
      list({ ...app, sha256: "no_check", variations: {} }, { ...app, token: "other", variations: {} }),
    );
    expect(facts).toMatchObject([{ witness: { packageId: "other" } }]);
    expect(skipped).toEqual([
      { file: "cask.json", because: expect.stringMatching(/^1 casks, .*\(no_check\)/) },
    ]);
  });

  it("recognises its file by name and by content", () => {
    expect(homebrewCask.recognises?.("cask.json", Buffer.alloc(0))).toBe(true);
    expect(homebrewCask.recognises?.("download", sample["cask.json"] ?? Buffer.alloc(0))).toBe(true);
    expect(homebrewCask.recognises?.("kev.json", Buffer.from('{"token": 1}'))).toBe(false);
  });
});
