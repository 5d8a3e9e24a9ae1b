import { ArtifactError } from "@sallyport/core";
import { describe, expect, it } from "vitest";
import { writeMsi } from "../../replica/msi-package.ts";
import { compareMembers, portraitOf } from "../trait.fixture.ts";
import { customActions } from "./index.ts";

const content = (target: string, count = 1) => ({
  product: "Example Product",
  company: "Example Software",
  version: "1.0.0",
  folder: "Example",
  files: [{ name: "a.exe", content: Buffer.from("a") }],
  customActions: Array.from({ length: count }, (_, at) => ({
    action: `Action${String(at).padStart(5, "0")}`,
    type: 51,
    source: "P",
    target,
  })),
});
const whole = writeMsi(content("[X]"));
const draw = (bytes: Buffer) => portraitOf([customActions], { path: "a.msi", format: "msi", bytes });

/** Either an answer, or the reason why there is none. */
async function tryDraw(bytes: Buffer): Promise<void> {
  try {
    await draw(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(ArtifactError);
  }
}

describe("installers that are damaged", () => {
  it("are read as far as they go, cut anywhere", async () => {
    for (let end = 0; end < whole.length; end += 97) await tryDraw(whole.subarray(0, end));
  });

  it("are refused or read with any byte turned", async () => {
    for (let at = 0; at < whole.length; at += 13) {
      const copy = Buffer.from(whole);
      copy[at] = (copy[at] ?? 0) ^ 0xff;
      await tryDraw(copy);
    }
  });
});

describe("installers with too much", () => {
  it("keep little of it, and show a change in the rest", async () => {
    const many = content("[X]".repeat(500), 2000);
    const portrait = await draw(writeMsi(many));
    expect(JSON.stringify(portrait.value("custom-actions")).length).toBeLessThan(512 * 1024);
    const changed = many.customActions.map((action, at) =>
      at === 1999 ? { ...action, target: "[Y]" } : action,
    );
    const found = compareMembers(
      customActions,
      portrait,
      await draw(writeMsi({ ...many, customActions: changed })),
    );
    expect(found.map(({ rule }) => rule)).toEqual(["changed"]);
  });
});
