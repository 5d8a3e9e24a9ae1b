import { expect, it } from "vitest";
import { signedBy } from "../check.fixture.ts";
import { readTwins, twinsDocument } from "./document.ts";
import type { KnownFile } from "./memory.ts";
import { memoriesOf } from "./remember.ts";
import { artifactWith, decisionOn, memberWith } from "./twin.fixture.ts";

const identity = {
  company: "Example",
  originalName: "demo.dll",
  version: "1",
  architecture: "x64",
  buildId: "01",
};
const library = memberWith("library", { identity, signatures: [signedBy("Example", { digest: "51" })] });
const app = artifactWith("app", { root: { signatures: [signedBy("Vendor")] }, members: [library] });
const files = memoriesOf(app, decisionOn(app, "hold"));
const read = (document: unknown) => readTwins(Buffer.from(JSON.stringify(document)), "ab");
const refusing = (payload: Buffer) =>
  expect(() => readTwins(payload, "ab")).toThrowError(expect.objectContaining({ code: "usage.value" }));

it("reads back what was written, as the word of whoever sealed it", () => {
  const told = files.map((file) => ({
    ...file,
    sightings: file.sightings.map((sighting) => ({ ...sighting, source: "ab" })),
  }));
  expect(read(twinsDocument(files))).toEqual(told);
  expect(read(twinsDocument(told))).toEqual([]);
});

it("takes over nothing of a document that is wrong anywhere", () => {
  const whole = JSON.parse(JSON.stringify(twinsDocument(files)));
  const strange = [
    null,
    1,
    -1,
    1e300,
    "",
    "x",
    "Z".repeat(501),
    [],
    [[]],
    {},
    { a: 1 },
    true,
    Array(300_000).fill(0),
  ];
  let changed = 0;
  const visit = (value: unknown, path: readonly (string | number)[]) => {
    if (typeof value !== "object" || value === null) return;
    for (const key of Object.keys(value)) {
      for (const other of strange) {
        const copy = structuredClone(whole);
        const place = path.reduce((at, step) => at[step], copy);
        place[key] = other;
        // What is text may be other text, and what may be empty may be empty: that is all it can become.
        try {
          const [first] = read(copy);
          expect(first === undefined || typeof first.sha256 === "string").toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ code: "usage.value" });
          changed += 1;
        }
      }
      visit((value as Record<string, unknown>)[key], [...path, key]);
    }
  };
  visit(whole, []);
  expect(changed).toBeGreaterThan(300);
});

it("refuses cut, binary and foreign text, unknown members and prototypes", () => {
  const text = JSON.stringify(twinsDocument(files));
  for (let length = 0; length < text.length; length += 7) refusing(Buffer.from(text.slice(0, length)));
  refusing(Buffer.from([0xff, 0xfe, 0x00]));
  refusing(Buffer.from(text.replace("sallyport.twins/1", "sallyport.twins/2")));
  refusing(Buffer.from(text.replace('"files"', '"more":1,"files"')));
  refusing(Buffer.from(text.replace('"sha256"', '"__proto__":{"sha256":"x"},"sha257"')));
  refusing(Buffer.from(text.replace('"standing":"seen"', '"standing":"anchored"')));
  refusing(Buffer.from(text.replace("2026-01-02T", "2026-99-02T")));
});

it("writes no more than it reads", () => {
  const [file] = files;
  const many = Array<KnownFile | undefined>(200_001)
    .fill(file)
    .flatMap((one) => one ?? []);
  expect(() => twinsDocument(many)).toThrowError(expect.objectContaining({ code: "usage.value" }));
});
