/** What is known from attacks, brought as people bring it, is found wherever it lies, and a person can overrule it. */

import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import {
  buildPeImage,
  issueCertificate,
  issueRoot,
  KEY_PURPOSE,
  signingKeyNamed,
  signPe,
  writePem,
  writeZip,
} from "@sallyport/gate/replica";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { documentOf, makePlace, type Place, policiesOf, type Run } from "./sallyport-process.ts";

const YEARS = { validFrom: new Date("2020-01-01T00:00:00Z"), validUntil: new Date("2040-01-01T00:00:00Z") };
const root = issueRoot({
  subject: { commonName: "Test root" },
  key: signingKeyNamed("root", "rsa-2048"),
  ...YEARS,
});
const SERIAL = "5a0102030405060708";
const signerWith = (serial: string) =>
  issueCertificate(
    {
      subject: { commonName: "Example Software" },
      key: signingKeyNamed("signer", "rsa-2048"),
      ...YEARS,
      serial: Buffer.from(serial, "hex"),
      isAuthority: false,
      keyUsage: ["digitalSignature"],
      extendedKeyUsage: [KEY_PURPOSE.codeSigning],
    },
    root,
  );
const IMAGE = buildPeImage({ content: Buffer.alloc(4000, "text ") });
const program = signPe(IMAGE, { signer: signerWith(SERIAL) });
const inside = Buffer.from("connects to www.Evil-Update.example every hour\n");
const archive = writeZip([
  { name: "setup.exe", bytes: program },
  { name: "docs/notes.txt", bytes: inside },
]);

let place: Place;
beforeEach(async () => {
  place = await makePlace();
  await writeFile(place.at("root.pem"), writePem("CERTIFICATE", root.certificate));
  await writeFile(place.at("tools.zip"), archive);
  await writeFile(place.at("setup.exe"), program);
});
afterEach(() => place.remove());

const check = (name: string, ...more: readonly string[]): Promise<Run> =>
  place.sallyport("check", place.at(name), "--trust", place.at("root.pem"), "--json", ...more);
async function bring(name: string, text: string): Promise<void> {
  await writeFile(place.at(name), text);
  const { code, stderr } = await place.sallyport("intel", "import", place.at(name));
  expect({ code, stderr }).toMatchObject({ code: 0 });
}
const seenBy = (run: Run) =>
  documentOf(run).evidence.filter(({ source }: { source: string }) => source === "gate/checks/indicator");
const hash = (algorithm: string, bytes: Uint8Array) => createHash(algorithm).update(bytes).digest("hex");
const misp = (type: string, value: string) =>
  JSON.stringify({ Event: { info: "Example attack", Attribute: [{ type, value, to_ids: true }] } });
const stix = (pattern: string, more: object = {}) =>
  JSON.stringify({
    type: "bundle",
    objects: [
      {
        type: "indicator",
        id: "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
        modified: "2026-01-01T00:00:00.000Z",
        name: "Example attack",
        pattern,
        pattern_type: "stix",
        ...more,
      },
    ],
  });

describe("what is known from an attack", () => {
  it.each<[string, string, () => string, string]>([
    ["the SHA-256 of a member", "iocs.txt", () => hash("sha256", program), "setup.exe"],
    ["the MD5 of a member", "event.json", () => misp("md5", hash("md5", program)), "setup.exe"],
    ["the SHA-1 of a file of text", "event.json", () => misp("sha1", hash("sha1", inside)), "docs/notes.txt"],
    ["a domain above one in its bytes", "bad-domains.txt", () => "evil-update[.]example\n", "docs/notes.txt"],
    [
      "a domain of a STIX bundle",
      "report.json",
      () => stix("[domain-name:value = 'evil-update.example']"),
      "docs/notes.txt",
    ],
    ["a text in its bytes", "event.json", () => misp("pattern-in-file", "every hour"), "docs/notes.txt"],
  ])("refuses for %s", async (_, name, text, path) => {
    await bring(name, text());
    const run = await check("tools.zip");
    expect(run.code).toBe(20);
    expect(policiesOf(documentOf(run))).toContain("known-indicator");
    expect(seenBy(run)).toMatchObject([{ outcome: "fail", path, facts: { strong: true } }]);
  });

  it("refuses for the MD5 of the artifact itself, though it holds others", async () => {
    await bring("event.json", misp("md5", hash("md5", archive)));
    expect(seenBy(await check("tools.zip"))).toMatchObject([{ outcome: "fail", facts: { kind: "md5" } }]);
  });

  it("refuses for a signer's serial number, with zeros in front, of an accepted signer", async () => {
    await bring("bad-serials.txt", `# indicators: certificate-serial, Example attack\n0000${SERIAL}\n`);
    const run = await check("setup.exe", "--signer", "Example Software");
    expect(run.code).toBe(20);
    expect(seenBy(run)).toMatchObject([{ outcome: "fail", facts: { kind: "certificate-serial" } }]);
  });

  it("refuses what carries the serial number of the X_TRADER signer, without any import", async () => {
    await writeFile(place.at("x.exe"), signPe(IMAGE, { signer: signerWith("8538a6c5018f50fc") }));
    const run = await check("x.exe", "--signer", "Example Software");
    expect(run.code).toBe(20);
    expect(seenBy(run)).toMatchObject([
      { outcome: "fail", because: expect.stringMatching(/8538a6c5018f50fc.*X_TRADER/) },
    ]);
  });

  it("refuses signed content in a file with other bytes", async () => {
    const { stdout } = await place.sallyport("inspect", place.at("setup.exe"), "--json");
    const digest = /"digest": "([0-9a-f]{64})"/.exec(stdout)?.[1] ?? "";
    await bring("event.json", misp("authentihash", digest));
    await writeFile(place.at("again.exe"), signPe(IMAGE, { signer: signerWith("77000000000001") }));
    expect(seenBy(await check("again.exe"))).toMatchObject([{ facts: { kind: "signed-content" } }]);
  });

  it("is shown when it ran out, and lets everything else decide", async () => {
    const ended = { valid_until: "2026-02-01T00:00:00Z" };
    await bring("report.json", stix(`[file:hashes.'SHA-256' = '${hash("sha256", program)}']`, ended));
    const run = await check("setup.exe", "--signer", "Example Software");
    expect(run.code).toBe(0);
    expect(seenBy(run)).toMatchObject([
      { outcome: "pass" },
      { outcome: "pass", because: expect.stringMatching(/let it run out on 2026-02-01/) },
    ]);
  });

  it("can be overruled by a person who names the policy", async () => {
    await bring("iocs.txt", hash("sha256", program));
    const words = ["--owner", "alex", "--reason", "a false alarm", "--until", "2099-01-01"];
    const path = place.at("setup.exe");
    expect((await place.sallyport("admit", path, ...words)).code).not.toBe(0);
    const { code } = await place.sallyport("admit", path, ...words, "--override", "known-indicator");
    expect(code).toBe(0);
    expect((await check("setup.exe")).code).toBe(0);
  });

  it("touches nothing that only has a near name", async () => {
    await bring("bad-domains.txt", "update[.]example\nil-update.example\nevil-update.example.com\n");
    const run = await check("tools.zip");
    expect(policiesOf(documentOf(run))).not.toContain("known-indicator");
    expect(seenBy(run)).toMatchObject([{ outcome: "pass" }]);
  });

  it("is asked of a past decision when it comes later", async () => {
    expect((await check("setup.exe", "--signer", "Example Software")).code).toBe(0);
    await writeFile(place.at("iocs.txt"), hash("sha256", program));
    await place.sallyport("intel", "import", place.at("iocs.txt"));
    const { stdout } = await place.sallyport("hunt", "--json");
    const later = await check("setup.exe", "--signer", "Example Software");
    expect(later.code).toBe(20);
    expect(stdout).not.toBe("");
  });
});

describe("rules that are kept here", () => {
  let kept: Place;
  beforeAll(async () => {
    kept = await makePlace();
    await mkdir(kept.at("rules"));
    const good = 'rule Good { strings: $a = "every hour" condition: $a }\n';
    await writeFile(kept.at("rules/good.yar"), good);
    await writeFile(kept.at("rules/bad.yar"), "rule Bad { condition: nosuch }\n");
    await writeFile(kept.at("tools.zip"), archive);
    await kept.sallyport("intel", "import", kept.at("rules"));
  });
  afterAll(() => kept.remove());

  it("are asked like those that are brought, and what is wrong with one is told once", async () => {
    const first = await kept.sallyport("check", kept.at("tools.zip"), "--json");
    expect(first.stderr).toMatch(/rules that are kept here were refused: yara-packs: bad\.yar:1:\d+/);
    expect(policiesOf(documentOf(first))).toContain("matched-rule");
    const second = await kept.sallyport("check", kept.at("tools.zip"), "--json");
    expect(second.stderr).toBe("");
    expect(policiesOf(documentOf(second))).toContain("matched-rule");
    expect(documentOf(second).notChecked).toContainEqual({
      source: "gate/checks/rules",
      because: expect.stringMatching(/^1 files of rules that are kept here were refused, such as .*bad\.yar/),
    });
  });
});
