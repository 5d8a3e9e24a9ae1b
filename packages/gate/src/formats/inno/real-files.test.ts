/**
 * Programs of Inno Setup itself, as its npm packages carry them. Installers that it makes are not to be had from a
 * registry; those that its compilers made for these tests are in the vectors.
 */

import { readFile } from "node:fs/promises";
import { npmFile, sourceOf } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { walk } from "../../descent/walk.fixture.ts";
import { buildPeImage } from "../../replica/index.ts";
import { readPeHeaders } from "../pe/headers.ts";
import { findResource, RESOURCE_TYPE } from "../pe/resources.ts";
import { placeBehind } from "./installer.fixture.ts";
import { VECTORS } from "./vectors.fixture.ts";

const PACKAGE = {
  package: "innosetup-compiler",
  version: "6.3.1",
  integrity:
    "sha512-Qynw7Xjv7ZN/beBvS7Kt+QL50Q/Zbf7cJDHZmxmwNbxqgZEWCZ+5tggC6naF4ij/9PqRfpvDP1ecZLFwusu6Lw==",
};

describe("real programs of Inno Setup", () => {
  it("have a stub whose resource says where the compiler's data lies", async () => {
    const stub = await readFile(await npmFile({ ...PACKAGE, path: "bin/SetupLdr.e32" }));
    expect((await walk(stub)).bad).toEqual([]);
    const place = await findResource(
      sourceOf(stub),
      await readPeHeaders(sourceOf(stub)),
      RESOURCE_TYPE.data,
      11_111,
    );
    const vector = VECTORS.find(({ version }) => version === "6.3.0");
    const bytes = Buffer.from(vector?.bytes ?? "", "base64");
    const data = { bytes, headerOffset: bytes.indexOf("Inno Setup Setup Data") };
    const { table, behind } = placeBehind(stub.length, data, buildPeImage());
    // The compiler fills the table in, in the same way.
    stub.set(table, place?.offsetBytes ?? 0);
    const { members, bad } = await walk(Buffer.concat([stub, behind]));
    // The small program of the vectors is calls and hardly a header.
    expect(bad).toEqual([expect.stringMatching(/b\.dll: not opened: PE: there is no optional header/)]);
    expect([...members.keys()].sort()).toEqual([
      "",
      "overlay",
      "overlay/setup/engine.exe",
      "overlay/{app}/a.txt",
      "overlay/{app}/sub/b.dll",
    ]);
  });

  it("raise no alarm: an uninstaller, the compiler, the engine", async () => {
    for (const path of ["bin/unins000.exe", "bin/ISCC.exe", "bin/Setup.e32", "bin/Compil32.exe"]) {
      const { members, bad } = await walk(await readFile(await npmFile({ ...PACKAGE, path })));
      expect({ path, bad }).toEqual({ path, bad: [] });
      expect(members.get("")?.format).toBe("pe");
    }
  });
});
