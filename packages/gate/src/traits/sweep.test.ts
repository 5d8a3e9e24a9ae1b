import { readFile } from "node:fs/promises";
import { Budget, MemorySource } from "@sallyport/core";
import { npmFile } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { endpoints } from "./endpoints/index.ts";
import { entropy } from "./entropy/index.ts";
import { hiddenPayload } from "./hidden-payload/index.ts";
import { launchPaths } from "./launch-paths/index.ts";
import { sweep } from "./sweep.ts";
import { compareMembers, portraitOf } from "./trait.fixture.ts";
import type { Trait } from "./trait.ts";

const traits: readonly Trait[] = [endpoints, launchPaths, hiddenPayload, entropy];

interface Update {
  readonly package: string;
  readonly path: string;
  readonly format: string;
  /** Version and integrity of the older and of the newer. */
  readonly releases: readonly [readonly [string, string], readonly [string, string]];
}

const UPDATES: readonly Update[] = [
  {
    package: "@esbuild/linux-x64",
    path: "bin/esbuild",
    format: "elf",
    releases: [
      [
        "0.28.1",
        "sha512-u/anNYF2mmVOEDwLtnQ1wOr3EZ9sTNGLWrsYGYwHWzGA3Si84IOkHXlbWTD1NB+9/1lcnweYKO54uhxZydNzfA==",
      ],
      [
        "0.28.2",
        "sha512-4xTZr1FUmSoQW4XIWmit3tzQrUTZM+N3P0XV8xROKYF50XfI7xeO90+1bZvNwxIufQ9hDQVRJH5YhgPVF8A/HQ==",
      ],
    ],
  },
  {
    package: "@rollup/rollup-win32-x64-msvc",
    path: "rollup.win32-x64-msvc.node",
    format: "pe",
    releases: [
      [
        "4.68.7",
        "sha512-XY9DYHO5UxxVR8G6AErXDlccQmDpvGTLgKHFpvkgsyjwG/PrQuInRjQQfpEzBRuT+bhBtwfS8yDe9sPhVcq/9A==",
      ],
      [
        "4.68.8",
        "sha512-/W1LBsMeQAdiCuH3Z2gkRspl3mlxL+butknhq4vXjmxO45vuT08BqhehxDoE4YS+m6s9lhpq6M9/PjTEAg8PYw==",
      ],
    ],
  },
  ...["ttf", "woff", "woff2", "eot"].map(
    (ending): Update => ({
      package: "font-awesome",
      path: `fonts/fontawesome-webfont.${ending}`,
      format: "data",
      releases: [
        [
          "4.6.3",
          "sha512-I5rWuHv7MI5uYDGFT1SJohxdkTfks41QQ9fvMEzvBnWppsehXnoj8LNuW4MGtawSrHvApYVhCZSC7rk5wDycyw==",
        ],
        [
          "4.7.0",
          "sha512-U6kGnykA/6bFmg1M/oT9EkFeIYv7JlX3bozwQJWiiLz6L0w3F5vBVPxHlwyX/vtNq1ckcpRKOB9f2Qal/VtFpg==",
        ],
      ],
    }),
  ),
];

const fetched = async (update: Update, index: 0 | 1): Promise<Buffer> => {
  const [version, integrity] = update.releases[index];
  return readFile(await npmFile({ package: update.package, version, integrity, path: update.path }));
};

describe("real updates", () => {
  it.each(UPDATES)("are ordinary: $package $path", async (update) => {
    const { path, format } = update;
    const [before, after] = [await fetched(update, 0), await fetched(update, 1)];
    const draw = (bytes: Buffer) => portraitOf(traits, { path, format, bytes });
    const portraits = [await draw(before), await draw(after)] as const;
    for (const trait of traits)
      for (const { risk, because } of [
        ...compareMembers(trait, ...portraits),
        ...compareMembers(trait, portraits[1], portraits[0]),
      ])
        expect([risk, because]).toEqual(["info", because]);
  });

  it.each(UPDATES)("are not ordinary when something is hidden in them: $package $path", async (update) => {
    const { path, format } = update;
    const [before, after] = [await fetched(update, 0), await fetched(update, 1)];
    const address = Buffer.from("https://updates.telemetry.invalid/a\0").map((byte) => byte ^ 0x5a);
    const draw = (bytes: Buffer) => portraitOf(traits, { path, format, bytes });
    const changed = await draw(Buffer.concat([after, Buffer.alloc(16), address]));
    const [difference] = compareMembers(endpoints, await draw(before), changed);
    expect(difference).toMatchObject({ rule: "hidden-address", risk: "high" });
  });
});

it("looks at the same source once", async () => {
  const source = new MemorySource(Buffer.alloc(100));
  expect(sweep(source, new Budget())).toBe(sweep(source, new Budget()));
});

it("stops when the time is up", async () => {
  let now = 0;
  const budget = new Budget({ entries: 1, bytes: 1, depth: 1, milliseconds: 10 }, () => now);
  now = 20;
  await expect(sweep(new MemorySource(Buffer.alloc(100)), budget)).rejects.toMatchObject({
    code: "artifact.over-limit",
  });
});
