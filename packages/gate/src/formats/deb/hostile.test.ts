import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { type ArPart, buildAr } from "../ar/ar.fixture.ts";
import { walkContainer } from "../container-walk.fixture.ts";
import { sample as lzmaSample } from "../lzma/sample.fixture.ts";
import { flips } from "../stream-walk.fixture.ts";
import { deb } from "./index.ts";
import { CONTROL, controlTar, dataTar, sample } from "./sample.fixture.ts";

const VERSION: ArPart = { name: "debian-binary", bytes: "2.0\n" };
const CONTROL_PART: ArPart = { name: "control.tar.gz", bytes: gzipSync(controlTar()) };
const DATA: ArPart = { name: "data.tar.gz", bytes: gzipSync(dataTar()) };

const open = (...parts: ArPart[]) => walkContainer(deb, buildAr(parts));

it("reads a decent package, names that end in a slash and members for signatures included", async () => {
  for (const parts of [
    [VERSION, CONTROL_PART, DATA],
    [{ ...VERSION, name: "debian-binary/" }, { ...CONTROL_PART, name: "control.tar.gz/" }, DATA],
    [VERSION, { name: "_early", bytes: "x" }, CONTROL_PART, DATA, { name: "_gpgorigin", bytes: "signed" }],
    [VERSION, { name: "control.tar", bytes: controlTar() }, { name: "data.tar", bytes: dataTar() }],
    [{ ...VERSION, bytes: "2.1\n" }, CONTROL_PART, DATA],
    [VERSION, CONTROL_PART, { name: "data.tar.lzma", bytes: lzmaSample() }],
  ]) {
    const { findings, code, identity } = await open(...parts);
    expect({ findings, code }).toEqual({ findings: [], code: "" });
    expect(identity).toEqual({
      product: "sample",
      version: "1.2-3",
      architecture: "amd64",
      company: "Example Makers",
    });
  }
});

const LIES: [string, ArPart[], string][] = [
  ["two data members", [VERSION, CONTROL_PART, DATA, DATA], "two members that could be its data"],
  [
    "data in two compressions",
    [VERSION, CONTROL_PART, { name: "data.tar", bytes: dataTar() }, DATA],
    "two members that could be its data",
  ],
  [
    "two control members",
    [VERSION, CONTROL_PART, CONTROL_PART, DATA],
    "two members that could be its control",
  ],
  ["data before control", [VERSION, DATA, CONTROL_PART], "its data where dpkg does not look for it"],
  ["no control", [VERSION, DATA], "has no control"],
  ["no data", [VERSION, CONTROL_PART], "has no data"],
  [
    "a name that apt reads and dpkg does not",
    [
      VERSION,
      CONTROL_PART,
      { name: "#1/12", bytes: Buffer.concat([Buffer.from("data.tar.gz\0"), gzipSync(dataTar())]) },
    ],
    "under a name that dpkg does not read",
  ],
  ["an unknown member", [VERSION, CONTROL_PART, DATA, { name: "more.tar", bytes: "x" }], "does not know"],
  ["a compression dpkg has not", [VERSION, CONTROL_PART, DATA, { name: "data.tar.br" }], "does not know"],
  ["an index for linkers", [VERSION, { name: "/", bytes: "" }, CONTROL_PART, DATA], "does not know"],
  ["another version", [{ ...VERSION, bytes: "3.0\n" }, CONTROL_PART, DATA], "version 2"],
  ["more than a version", [{ ...VERSION, bytes: "2.0\nmore\n" }, CONTROL_PART, DATA], "version 2"],
  [
    "content that is not compressed as named",
    [VERSION, CONTROL_PART, { ...DATA, name: "data.tar.xz" }],
    "not compressed as its name says",
  ],
];
it.each(LIES)("reports %s", async (_, parts, because) => {
  const { findings, code } = await open(...parts);
  expect(code).toBe("");
  expect(findings).toContainEqual(
    expect.objectContaining({
      check: "structure",
      outcome: "fail",
      because: expect.stringContaining(because),
    }),
  );
});

const old = (lines: string, control: Buffer = gzipSync(controlTar()), data: Buffer = gzipSync(dataTar())) =>
  walkContainer(deb, Buffer.concat([Buffer.from(lines.replace("N", String(control.length))), control, data]));

it("reads packages of the old format, which dpkg still installs", async () => {
  const { members, findings, code, identity } = await old("0.939000\nN\n");
  expect({ findings, code }).toEqual({ findings: [], code: "" });
  expect(members.map(({ name }) => name)).toEqual(["control.tar.gz", "data.tar.gz"]);
  expect(identity).toMatchObject({ product: "sample", version: "1.2-3" });
  expect((await old("0.939000\n999999\n")).code).toBe("artifact.truncated");
  expect((await old("0.939000\n-1\n")).code).toBe("artifact.malformed");
  const wrong = await old("0.939000\nN\n", gzipSync(controlTar()), dataTar());
  expect(wrong.findings).toMatchObject([{ check: "structure", outcome: "fail" }]);
  const recognises = (text: string) => {
    const head = Buffer.from(text);
    return deb.recognise({ head, tail: head, sizeBytes: head.length });
  };
  expect(recognises("0.939000\n216\n\x1f\x8b")).toBe(true);
  for (const text of ["0.93\n", "0.93 is a number\n12\n", "10.939000\n216\n", "0.939000\nabc\n"])
    expect(recognises(text), text).toBe(false);
});

it("does not let a hostile control file or archive end the reading, and claims nothing of it", async () => {
  const bombs = [
    gzipSync(controlTar(`${CONTROL}${"x".repeat(300_000)}`)),
    gzipSync(Buffer.alloc(1 << 20, "no tar")),
    Buffer.from("1f8b0800", "hex"),
    gzipSync(controlTar("no fields here")),
  ];
  for (const bytes of bombs) {
    const { identity, members } = await open(VERSION, { name: "control.tar.gz", bytes }, DATA);
    expect(identity).toEqual({});
    expect(members.map(({ name }) => name)).toEqual(["control.tar.gz", "data.tar.gz"]);
  }
});

it("takes the first of a field that is given twice, and no value from a continued line", async () => {
  const control = "Package: first\n Version: 9\nPackage: second\nVersion: 1\n";
  const { identity } = await open(VERSION, { name: "control.tar", bytes: controlTar(control) }, DATA);
  expect(identity).toEqual({ product: "first", version: "1" });
});

it("refuses a package that is cut short, or reports what is missing", async () => {
  const whole = sample();
  for (let cut = 21; cut < whole.length - 1; cut += 1) {
    const { code, findings } = await walkContainer(deb, whole.subarray(0, cut));
    expect(code === "artifact.truncated" || findings.length > 0, `cut at ${cut}`).toBe(true);
  }
});

it("answers flipped bytes with findings or our errors only", async () => {
  for (const flipped of flips(sample(), { count: 300, seed: 822 })) await walkContainer(deb, flipped);
});
