import { sourceOf, verifyContext } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { writeOctetString } from "../../asn1/write.ts";
import { buildZip } from "../../formats/zip/zip.fixture.ts";
import { signingKeyNamed } from "../../replica/signing-key.ts";
import { schemePair, signerValue, withBlock } from "../apk/package.fixture.ts";
import { day, expired, NOW, signer, signerOf, stamped, trust } from "../authenticode/signing.fixture.ts";
import { jar } from "./index.ts";
import { blockOf, listOf, manifestOf, PARTS, signedJar } from "./jar.fixture.ts";

const verify = (bytes: Buffer, format = "jar") =>
  jar.verify(sourceOf(bytes), verifyContext({ format, trust, now: NOW }));

describe("signed JARs", () => {
  it.each(["sha256", "sha512"] as const)("are believed with %s", async (digest) => {
    const { signatures, findings } = await verify(signedJar({ digest, signing: { signer, digest } }));
    expect(findings).toEqual([]);
    expect(signatures).toMatchObject([
      { scheme: "jar", integrity: "pass", trust: "valid-now", digestAlgorithm: digest, position: 0 },
    ]);
  });

  it("are believed section by section when the manifest grew, as long as everything is signed", async () => {
    expect(await verify(signedJar({ withoutWhole: true, signing: { signer } }))).toMatchObject({
      findings: [],
    });
    const changeLate = (text: string) => `${text}Name: more/\r\nSealed: true\r\n\r\n`;
    expect(await verify(signedJar({ changeLate, signing: { signer } }))).toMatchObject({ findings: [] });
  });

  it("are believed with lines that go on, and with other line ends", async () => {
    const fold = (text: string) => text.replace("Demo.class", "Demo.\r\n class");
    expect(await verify(signedJar({ changeManifest: fold, signing: { signer } }))).toMatchObject({
      findings: [],
    });
    const unix = (text: string) => text.replaceAll("\r\n", "\n");
    expect(await verify(signedJar({ changeList: unix, signing: { signer } }))).toMatchObject({
      findings: [],
    });
  });

  it("tell the time by a timestamp", async () => {
    const at = stamped(day("2022-01-01"));
    const { signatures } = await verify(signedJar({ signing: { signer: expired, unsignedAttributes: at } }));
    expect(signatures).toMatchObject([{ integrity: "pass", trust: "valid-timestamped" }]);
    expect((await verify(signedJar({ signing: { signer: expired } }))).signatures).toMatchObject([
      { trust: "expired" },
    ]);
  });

  it("may have several signers, who all vouch for everything", async () => {
    const other = signerOf({ subject: { commonName: "Other" } });
    const manifest = manifestOf(PARTS);
    const list = listOf(manifest);
    const more = [
      { name: "META-INF/OTHER.SF", bytes: Buffer.from(list) },
      { name: "META-INF/OTHER.EC", bytes: blockOf(list, { signer: other }) },
    ];
    const { signatures, findings } = await verify(signedJar({ signing: { signer }, more }));
    expect(findings).toEqual([]);
    expect(signatures.map((one) => [one.position, one.integrity, one.signer?.commonName])).toEqual([
      [0, "pass", "Signer"],
      [1, "pass", "Other"],
    ]);
  });

  it("may hold their signature file in the signature as well", async () => {
    const list = listOf(manifestOf(PARTS));
    const right = writeOctetString(Buffer.from(list));
    expect(await verify(signedJar({ signing: { signer, content: right } }))).toMatchObject({ findings: [] });
    const wrong = writeOctetString(Buffer.from(`${list} `));
    const { findings } = await verify(signedJar({ signing: { signer, content: wrong } }));
    expect(findings).toMatchObject([
      { check: "integrity", because: expect.stringMatching(/another signature file/) },
    ]);
  });

  it("are told apart from archives that nobody signed", async () => {
    const manifest = { name: "META-INF/MANIFEST.MF", bytes: Buffer.from(manifestOf(PARTS)) };
    expect(await verify(buildZip([manifest, ...PARTS]))).toEqual({ signatures: [], findings: [] });
    expect(await verify(buildZip(PARTS), "nupkg")).toEqual({ signatures: [], findings: [] });
    expect(await verify(Buffer.from("no zip"))).toMatchObject({ findings: [{ outcome: "unknown" }] });
  });
});

describe("weak digests", () => {
  it.each([
    ["sha1", "sha256", /SHA-1/],
    ["sha256", "sha1", /SHA-1/],
    ["md5", "sha256", /MD5/],
  ] as const)("%s in the manifest, %s in the signature", async (digest, own, because) => {
    const { signatures, findings } = await verify(signedJar({ digest, signing: { signer, digest: own } }));
    expect(signatures).toMatchObject([{ integrity: "pass" }]);
    expect(findings).toMatchObject([{ check: "weak-digest", outcome: "fail" }]);
    expect(findings[0]?.because).toMatch(because);
  });

  it("do no harm beside a signature of Android's newer schemes by the same signer", async () => {
    const other = signerOf({ subject: { commonName: "Other" }, key: signingKeyNamed("other", "rsa-2048") });
    const weak = signedJar({ digest: "sha1", signing: { signer, digest: "sha1" } });
    const withScheme = (by: typeof signer) =>
      withBlock(weak, schemePair("2", signerValue(weak, { signer: by })));
    expect(await verify(withScheme(signer), "apk")).toMatchObject({ findings: [] });
    // Android would take it to be by the other.
    expect((await verify(withScheme(other), "apk")).findings).toMatchObject([
      { check: "integrity", outcome: "fail", because: expect.stringMatching(/another signer/) },
      { check: "weak-digest", outcome: "fail" },
    ]);
  });
});
