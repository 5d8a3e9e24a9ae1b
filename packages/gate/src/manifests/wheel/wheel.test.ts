import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { debianPackage, hasApt, NO_APT } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { writeZip } from "../../replica/zip-archive.ts";
import { takeApart } from "../package.fixture.ts";

const FOLDER = "demo-1.2.3.dist-info";
const CONTENT: Readonly<Record<string, string>> = {
  "demo/__init__.py": "print('hello')\n",
  'demo/odd,"name".txt': "x",
  [`${FOLDER}/METADATA`]: "Metadata-Version: 2.1\nName: demo\nVersion: 1.2.3\nAuthor: Example Author\n\n",
  [`${FOLDER}/WHEEL`]: "Wheel-Version: 1.0\n",
};

const row = (name: string, content: string): string => {
  const quoted = /[",]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
  return `${quoted},sha256=${createHash("sha256").update(content).digest("base64url")},${content.length}`;
};

const honest = (): string[] => [
  ...Object.entries(CONTENT).map(([name, content]) => row(name, content)),
  `${FOLDER}/RECORD,,`,
];

const wheelOf = (rows: readonly string[] | undefined, more: Readonly<Record<string, string>> = {}) =>
  writeZip(
    Object.entries({
      ...CONTENT,
      ...more,
      ...(rows === undefined ? {} : { [`${FOLDER}/RECORD`]: `${rows.join("\r\n")}\r\n` }),
    }).map(([name, content]) => ({ name, bytes: Buffer.from(content) })),
  );

describe("Python wheels", () => {
  it("say who they are, and are what their RECORD lists", async () => {
    const { root, problems } = await takeApart(wheelOf(honest()));
    expect(root).toMatchObject({
      format: "whl",
      identity: { product: "demo", version: "1.2.3", company: "Example Author" },
    });
    expect(problems).toEqual([]);
  });

  it.each<[string, () => Buffer, RegExp]>([
    [
      "a file that is not listed",
      () => wheelOf(honest(), { "demo/more.py": "1" }),
      /fail demo\/more.py: is not listed/,
    ],
    [
      "a file of another hash",
      () => wheelOf(honest(), { "demo/__init__.py": "print('hallo')\n" }),
      /hash differs/,
    ],
    [
      "a file of another size",
      () => wheelOf(honest().map((one) => one.replace(/,15$/, ",16"))),
      /size that RECORD/,
    ],
    ["a listed file that is not there", () => wheelOf([...honest(), row("demo/gone.py", "x")]), /not there/],
    [
      "a file that is listed twice",
      () => wheelOf([...honest(), row("demo/__init__.py", "print('hello')\n")]),
      /twice/,
    ],
    ["no RECORD", () => wheelOf(undefined), /has no RECORD/],
  ])("fail for %s", async (_, make, sentence) => {
    const { problems } = await takeApart(make());
    expect(problems).toEqual([expect.stringMatching(sentence)]);
    expect(problems[0]).toMatch(/^structure fail/);
  });

  it.each<[string, () => Buffer]>([
    ["a weak hash", () => wheelOf(honest().map((one) => one.replace(/sha256=[^,]*,15$/, "md5=x,15")))],
    ["no hash", () => wheelOf(honest().map((one) => one.replace(/sha256=[^,]*,15$/, ",15")))],
    ["a RECORD that is no list", () => wheelOf(["noise"])],
    ["a RECORD with an open quote", () => wheelOf(['"noise,,'])],
  ])("are unknown with %s", async (_, make) => {
    const { problems } = await takeApart(make());
    expect(problems).toEqual([expect.stringMatching(/^structure unknown/)]);
  });

  it("may sign their RECORD, list bytecode that is not packed, and write backslashes", async () => {
    const rows = honest().map((one) => one.replace("demo/__init__.py", "demo\\__init__.py"));
    const more = { [`${FOLDER}/RECORD.jws`]: "{}" };
    const { problems } = await takeApart(wheelOf([...rows, "demo/__pycache__/x.pyc,,"], more));
    expect(problems).toEqual([]);
  });

  it.skipIf(!hasApt())(
    `reads real ones out of Debian packages${hasApt() ? "" : ` (${NO_APT})`}`,
    async () => {
      for (const name of ["python3-pip-whl", "python3-setuptools-whl"]) {
        const folder = join(await debianPackage(name), "usr/share/python-wheels");
        for (const file of (await readdir(folder)).filter((entry) => entry.endsWith(".whl"))) {
          const { root, problems } = await takeApart(await readFile(join(folder, file)));
          const [product, version] = file.split("-");
          expect(root).toMatchObject({ format: "whl", identity: { product, version } });
          expect(problems).toEqual([]);
        }
      }
    },
  );
});
