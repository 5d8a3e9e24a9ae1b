import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openArtifactFile } from "./artifact-file.ts";

const folder = mkdtempSync(join(tmpdir(), "sallyport-file-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("a file that is open", () => {
  const open = (name: string) => {
    const path = join(folder, name);
    writeFileSync(path, "the bytes that were there");
    return { path, file: openArtifactFile(path) };
  };

  it("is unchanged when it was only read", () => {
    const { file } = open("read");
    expect(() => file.checkUnchanged()).not.toThrow();
    file.close();
  });

  it("is changed when it was written to, also where its time was set back", () => {
    const { path, file } = open("written");
    const { atime, mtime } = statSync(path);
    writeFileSync(path, "the bytes that are here..");
    utimesSync(path, atime, mtime);
    expect(() => file.checkUnchanged()).toThrow(expect.objectContaining({ code: "world.changed" }));
    file.close();
  });
});
