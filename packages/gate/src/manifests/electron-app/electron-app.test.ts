import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPackage } from "@electron/asar";
import { expect, it } from "vitest";
import { takeApart } from "../package.fixture.ts";

it("Electron applications say who they are, in an archive that Electron's own tool made", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sallyport-electron-"));
  try {
    await mkdir(join(folder, "app"));
    for (const [more, product] of [
      [{ productName: "Demo App" }, "Demo App"],
      [{}, "demo"],
    ] as const) {
      const description = { name: "demo", version: "1.2.3", author: "Example", ...more };
      await writeFile(join(folder, "app/package.json"), JSON.stringify(description));
      await createPackage(join(folder, "app"), join(folder, "app.asar"));
      const { root, problems } = await takeApart(await readFile(join(folder, "app.asar")));
      expect(root).toMatchObject({
        format: "asar",
        identity: { product, version: "1.2.3", company: "Example" },
      });
      expect(problems).toEqual([]);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
