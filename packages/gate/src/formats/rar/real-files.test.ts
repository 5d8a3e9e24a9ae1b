/** Archives that RAR made, found in an npm package's tests, compared with what bsdtar reads in them. */

import { readFile } from "node:fs/promises";
import { hasApt, NO_APT, npmFile } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { filesByBsdtar } from "../../long-tail/real-image.fixture.ts";
import { walkContainer } from "../container-walk.fixture.ts";
import { rar } from "./index.ts";
import { writeRar4, writeRar5 } from "./rar.fixture.ts";

const real = async (name: string) =>
  readFile(
    await npmFile({
      package: "unrar-promise",
      version: "3.1.0",
      integrity:
        "sha512-pGWfFP8ioIVtDKYOIDQ1Y7ZnVVszAHlk72mc+hFxqHWOa4ZvB5k+iAHJOmpXF1n9a30iZ8iKKkXDFskqMPuSyw==",
      path: `test/contents/${name}`,
    }),
  );
const texts = (members: readonly { name: string; bytes: Buffer }[]) =>
  members.map(({ name, bytes }) => [name, bytes.toString("latin1")]);

describe.skipIf(!hasApt())(`real RAR archives (${NO_APT} otherwise)`, { timeout: 300_000 }, () => {
  it("reads one as bsdtar does", async () => {
    const archive = await real("example.rar");
    const { members, findings, code } = await walkContainer(rar, archive);
    expect({ findings, code }).toEqual({ findings: [], code: "" });
    expect(texts(members)).toEqual(texts(await filesByBsdtar(archive)));
    expect(members).toHaveLength(2);
  });

  it("reads names in Unicode", async () => {
    const { members, code } = await walkContainer(rar, await real("CP932.rar"));
    expect([code, ...members.map(({ name }) => name)]).toEqual(["", "ディレクトリ/テキストファイル.txt"]);
  });

  it("says that one is encrypted", async () => {
    const { code, members } = await walkContainer(rar, await real("example-encrypted.rar"));
    expect({ code, members }).toEqual({ code: "artifact.unsupported", members: [] });
  });

  it.each([
    ["RAR 4", writeRar4],
    ["RAR 5", writeRar5],
  ])("reads %s of our own as bsdtar does", async (_, write) => {
    const archive = write([
      { name: "a.txt", content: Buffer.from("one") },
      { name: "b.txt", content: Buffer.from("two") },
    ]);
    const { members, findings, code } = await walkContainer(rar, archive);
    expect({ findings, code }).toEqual({ findings: [], code: "" });
    expect(texts(members)).toEqual(texts(await filesByBsdtar(archive)));
  });
});
