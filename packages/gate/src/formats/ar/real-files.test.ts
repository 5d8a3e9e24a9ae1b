/** A static library and a package of Debian, compared with what bsdtar and dpkg-deb see in them. */

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { debianPackage, hasApt, NO_APT } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { readByBsdtar } from "../bsdtar.fixture.ts";
import { walkContainer } from "../container-walk.fixture.ts";
import { ar } from "./index.ts";

describe.skipIf(!hasApt())(`real ar archives (${NO_APT} otherwise)`, () => {
  it("reads a static library as bsdtar does", { timeout: 300_000 }, async () => {
    const folder = join(await debianPackage("zlib1g-dev"), "usr/lib");
    const place = (await readdir(folder)).find((name) => name.endsWith("-linux-gnu")) ?? "";
    const library = await readFile(join(folder, place, "libz.a"));
    const { members, findings, code } = await walkContainer(ar, library);
    expect({ findings, code }).toEqual({ findings: [], code: "" });
    const objects = members.filter(({ name }) => name !== "symbols" && name !== "long-names");
    expect(objects.length).toBeGreaterThan(10);
    const expected = await readByBsdtar(library);
    expect(objects.map(({ name }) => name)).toEqual(
      expected.filter(({ name }) => name !== "/").map(({ name }) => name),
    );
    for (const { name, bytes } of objects)
      expect(
        bytes.equals(expected.find((other) => other.name === name)?.bytes ?? Buffer.alloc(0)),
        name,
      ).toBe(true);
  });
});
