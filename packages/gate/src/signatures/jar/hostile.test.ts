import { sourceOf, verifyContext } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { writeOctetString } from "../../asn1/write.ts";
import { buildZip, type Part } from "../../formats/zip/zip.fixture.ts";
import { writeAttribute } from "../../replica/cms-signer.ts";
import {
  day,
  NOW,
  signer,
  signerOf,
  stamped,
  strangerClock,
  trust,
} from "../authenticode/signing.fixture.ts";
import { jar } from "./index.ts";
import { blockOf, type JarRequest, listOf, MAIN, manifestOf, PARTS, signedJar } from "./jar.fixture.ts";

const verify = (bytes: Buffer, format = "jar") =>
  jar.verify(sourceOf(bytes), verifyContext({ format, trust, now: NOW }));
const EVIL: Part = { name: "com/example/More.class", bytes: Buffer.from("added later") };
const DEMO = "com/example/Demo.class";

describe("a JAR that its signer did not sign like that", () => {
  it.each<[string, Partial<JarRequest>, RegExp]>([
    ["a member more", { more: [EVIL] }, /More.class is not in its manifest/],
    [
      "a member more in META-INF",
      { more: [{ ...EVIL, name: "META-INF/a/B.RSA" }] },
      /is not in its manifest/,
    ],
    [
      "a member that the manifest lists since",
      { more: [EVIL], changeLate: (text) => text + manifestOf([EVIL]).slice(MAIN.length) },
      /More.class is not among what was signed/,
    ],
    [
      "a member that is listed without a digest",
      { more: [EVIL], changeManifest: (text) => `${text}Name: ${EVIL.name}\r\nSealed: true\r\n\r\n` },
      /has no digest in its manifest/,
    ],
    [
      "a changed member",
      {
        listed: PARTS,
        parts: PARTS.map((part) => (part.name === DEMO ? { ...part, bytes: Buffer.from("x") } : part)),
      },
      /Demo.class is not what was signed/,
    ],
    [
      "one of two digests wrong",
      {
        changeManifest: (text) => text.replace("SHA-256-Digest:", "SHA-512-Digest: AAAA\r\nSHA-256-Digest:"),
      },
      /is not what was signed/,
    ],
    [
      "one of two names for a digest wrong",
      { changeManifest: (text) => text.replace("SHA-256-Digest:", "SHA256-Digest: AAAA\r\nSHA-256-Digest:") },
      /is not what was signed/,
    ],
    [
      "changed main attributes",
      { changeLate: (text) => text.replace("a test", "another") },
      /main attributes were changed/,
    ],
    ["a list of another version", { changeList: (text) => text.replace("1.0", "2.0") }, /no known version/],
    [
      "a list of nothing",
      { changeList: (text) => `${text.split("\r\n\r\n")[0]}\r\n\r\n` },
      /not among what was signed/,
    ],
    ["a scheme that was taken out", { lines: "X-Android-APK-Signed: 2, 3\r\n" }, /scheme 2 was taken out/],
  ])("is not believed: %s", async (_what, request, because) => {
    const { signatures, findings } = await verify(signedJar({ ...request, signing: { signer } }));
    expect(signatures).toMatchObject([{ integrity: "fail", trust: "broken" }]);
    expect(signatures[0]?.because).toMatch(because);
    expect(findings).toContainEqual(expect.objectContaining({ check: "integrity", outcome: "fail" }));
  });

  it("is not believed by a second signer's word for what the first did not see", async () => {
    const other = signerOf({ subject: { commonName: "Other" } });
    const first = manifestOf(PARTS);
    const whole = manifestOf([...PARTS, EVIL]);
    const [mine, theirs] = [listOf(first, { withoutWhole: true }), listOf(whole)];
    const bytes = buildZip([
      { name: "META-INF/MANIFEST.MF", bytes: Buffer.from(whole) },
      { name: "META-INF/A.SF", bytes: Buffer.from(mine) },
      { name: "META-INF/A.RSA", bytes: blockOf(mine, { signer }) },
      { name: "META-INF/B.SF", bytes: Buffer.from(theirs) },
      { name: "META-INF/B.RSA", bytes: blockOf(theirs, { signer: other }) },
      ...PARTS,
      EVIL,
    ]);
    expect((await verify(bytes)).signatures.map((one) => one.integrity)).toEqual(["fail", "pass"]);
  });

  it("is asked about when a signed member is not there", async () => {
    const { findings } = await verify(
      signedJar({ parts: PARTS.slice(0, 2), listed: PARTS, signing: { signer } }),
    );
    expect(findings).toMatchObject([{ check: "integrity", outcome: "unknown" }]);
  });

  it("is asked about when its digests are of a kind nobody knows", async () => {
    const changeManifest = (text: string) => text.replaceAll("SHA-256-Digest", "SHA3-256-Digest");
    const { signatures } = await verify(signedJar({ changeManifest, signing: { signer } }));
    expect(signatures).toMatchObject([{ integrity: "unknown" }]);
  });
});

describe("manifests that two readers would read differently", () => {
  it.each<[string, (text: string) => string]>([
    ["a section twice", (text) => text + text.slice(MAIN.length)],
    ["a digest twice", (text) => text.replace("SHA-256-Digest", "sha-256-digest: AAAA\r\nSHA-256-Digest")],
    ["a name twice", (text) => text.replace("Name: ", "Name: x\r\nname: ")],
    ["a section without a name", (text) => `${text}Sealed: true\r\n\r\n`],
    ["a line that is no attribute", (text) => `${text}hidden\r\n\r\n`],
    ["a line that continues nothing", (text) => ` x\r\n${text}`],
    ["a zero byte", (text) => `${text}Name: \0\r\n\r\n`],
  ])("are refused: %s", async (_what, changeManifest) => {
    const { signatures, findings } = await verify(signedJar({ changeManifest, signing: { signer } }));
    expect(signatures).toMatchObject([{ integrity: "fail", trust: "broken" }]);
    expect(findings).toMatchObject([{ check: "integrity", outcome: "fail" }]);
  });

  it("may repeat what nothing hangs on, as Java allows", async () => {
    const changeManifest = (text: string) => text.replace("\r\n\r\n", "\r\nCREATED-BY: x\r\n\r\n");
    expect(await verify(signedJar({ changeManifest, signing: { signer } }))).toMatchObject({ findings: [] });
  });

  it("are refused when there are two, in names of other case", async () => {
    const more = [{ name: "meta-inf/manifest.mf", bytes: Buffer.from(MAIN) }];
    expect((await verify(signedJar({ more, signing: { signer } }))).findings).toMatchObject([
      { check: "integrity", outcome: "fail", because: expect.stringMatching(/is there twice/) },
    ]);
  });
});

describe("parts of signatures", () => {
  it.each([
    ["META-INF/MORE.SF", "a list alone"],
    ["META-INF/MORE.DSA", "a signature alone"],
    ["META-INF/SIG-PAYLOAD", "what only has the name of one"],
  ])("are asked about when they are loose beside a signature: %s, %s", async (name) => {
    const part = { name, bytes: Buffer.from("x") };
    const { signatures, findings } = await verify(signedJar({ more: [part], signing: { signer } }));
    expect(signatures).toMatchObject([{ integrity: "pass" }]);
    expect(findings).toMatchObject([{ check: "integrity", outcome: "unknown", member: name }]);
    expect(await verify(buildZip([part, ...PARTS]))).toEqual({ signatures: [], findings: [] });
  });

  it("mean nothing where nobody signed, whatever their names", async () => {
    const twice = ["META-INF/MANIFEST.MF", "meta-inf/manifest.mf"].map((name) => ({
      name,
      bytes: Buffer.from(MAIN),
    }));
    expect(await verify(buildZip([...twice, ...PARTS]))).toEqual({ signatures: [], findings: [] });
  });

  it("are refused without a manifest", async () => {
    const list = listOf(manifestOf(PARTS));
    const bytes = buildZip([
      { name: "META-INF/A.SF", bytes: Buffer.from(list) },
      { name: "META-INF/A.RSA", bytes: blockOf(list, { signer }) },
    ]);
    expect((await verify(bytes)).findings).toMatchObject([{ check: "integrity", outcome: "fail" }]);
  });

  it.each([
    ["cut short", (block: Buffer) => block.subarray(0, -1)],
    ["with bytes behind", (block: Buffer) => Buffer.concat([block, Buffer.from("more")])],
    ["empty", () => Buffer.alloc(0)],
  ])("are reported as broken: a signature %s", async (_what, change) => {
    const manifest = manifestOf(PARTS);
    const list = listOf(manifest);
    const bytes = buildZip([
      { name: "META-INF/MANIFEST.MF", bytes: Buffer.from(manifest) },
      { name: "META-INF/A.SF", bytes: Buffer.from(list) },
      { name: "META-INF/A.RSA", bytes: change(blockOf(list, { signer })) },
      ...PARTS,
    ]);
    expect(await verify(bytes)).toMatchObject({
      signatures: [{ integrity: "fail", trust: "broken" }],
      findings: [{ check: "integrity", outcome: "fail" }],
    });
  });

  it("hide nothing in what no signature covers", async () => {
    const unsignedAttributes = () => [writeAttribute("1.2.3.4", writeOctetString(Buffer.alloc(20_000)))];
    const { findings } = await verify(signedJar({ signing: { signer, unsignedAttributes } }));
    expect(findings).toMatchObject([{ check: "certificate-table", outcome: "fail" }]);
  });

  it("are no place for what another put beside the first", async () => {
    const stranger = signerOf({ subject: { commonName: "Stranger" } });
    const foreign = strangerClock();
    const list = listOf(manifestOf(PARTS), { lines: `Note: ${"x".repeat(40_000)}\r\n` });
    const more = [
      { name: "META-INF/MORE.SF", bytes: Buffer.from(list) },
      { name: "META-INF/MORE.RSA", bytes: blockOf(list, { signer: stranger }) },
    ];
    expect((await verify(signedJar({ more, signing: { signer } }))).findings).toMatchObject([
      {
        check: "certificate-table",
        outcome: "fail",
        because: expect.stringMatching(/larger than their manifest needs/),
      },
    ]);
    const short = listOf(manifestOf(PARTS), { lines: `Note: ${"x".repeat(8_000)}\r\n` });
    const several = ["A", "B", "C", "D"].flatMap((name) => [
      { name: `META-INF/${name}.SF`, bytes: Buffer.from(short) },
      { name: `META-INF/${name}.RSA`, bytes: blockOf(short, { signer: foreign }) },
    ]);
    expect((await verify(signedJar({ more: several, signing: { signer } }))).findings).toMatchObject([
      { check: "certificate-table", outcome: "fail" },
    ]);
    const clock = strangerClock();
    const tokens = (value: Buffer) =>
      Array.from({ length: 12 }, (_, at) =>
        stamped(new Date(day("2025-06-01").getTime() + at * 1000), clock)(value),
      ).flat();
    const bytes = signedJar({ signing: { signer, unsignedAttributes: tokens } });
    const { findings } = await verify(bytes);
    expect(findings.every(({ check, outcome }) => check === "certificate-table" && outcome === "fail")).toBe(
      true,
    );
  });

  it("are not read beyond a limit", async () => {
    const many = Array.from({ length: 40 }, (_, at) => [
      { name: `META-INF/S${at}.SF`, bytes: Buffer.from("x") },
      { name: `META-INF/S${at}.RSA`, bytes: Buffer.from("x") },
    ]).flat();
    expect((await verify(signedJar({ signing: { signer }, more: many }))).findings).toMatchObject([
      { check: "integrity", outcome: "unknown" },
    ]);
  });
});
