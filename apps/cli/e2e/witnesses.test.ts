/** Who else saw the same bytes, where they came from, and how long they are known: what nobody can sign away. */

import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { buildPeImage, buildRetiredCase, type RetiredCase, writeZip } from "@sallyport/gate/replica";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { documentOf, makePlace, type Place, policiesOf, type VerdictDocument } from "./sallyport-process.ts";

const PERSON = ["--owner", "Head of IT", "--reason", "pilot", "--until", "2099-01-31"];
const AT = "https://tools.example/get";

let place: Place;
let replica: RetiredCase;
const tools = new Map<string, Buffer>();
beforeAll(async () => {
  place = await makePlace();
  replica = await buildRetiredCase();
  await writeFile(place.at("root.pem"), replica.rootPem);
  for (const { fileName, content } of replica.others) await writeFile(place.at(fileName), content);
  for (const version of ["1.2.0", "1.3.0"]) {
    const name = `tool-${version}.zip`;
    const content = writeZip([{ name: "readme.txt", bytes: Buffer.from(`Tool ${version}.\n`) }]);
    tools.set(name, content);
    await writeFile(place.at(name), content);
  }
  const list = [...tools].map(([name, content]) => `${sha256(content)}  ${name}\n`).join("");
  await writeFile(place.at("SHA256SUMS"), list);
});
afterAll(() => place.remove());

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const seenBy = ({ evidence, notChecked }: VerdictDocument, check: string) =>
  evidence.find(({ source }) => source === `gate/checks/${check}`) ??
  notChecked.find(({ source }) => source === `gate/checks/${check}`);

async function check(file: string, ...flags: readonly string[]) {
  const run = await place.sallyport("check", place.at(file), "--json", ...flags);
  return { code: run.code, document: documentOf(run) };
}

/** As its repository is archived at some point in time. */
async function importBucket(hash: string, modified: number): Promise<void> {
  const manifest = { version: "1.2.0", url: `${AT}/tool-1.2.0.zip`, hash };
  await writeFile(
    place.at("Main.tar.gz"),
    gzipSync(tarOf("Main-master/bucket/tool.json", JSON.stringify(manifest), modified)),
  );
  expect(await place.sallyport("intel", "import", place.at("Main.tar.gz"))).toMatchObject({ code: 0 });
}

function tarOf(name: string, text: string, modified: number): Buffer {
  const header = Buffer.alloc(512);
  const octal = (value: number, at: number, digits: number) =>
    header.write(`${value.toString(8).padStart(digits, "0")}\0`, at, "latin1");
  header.write(name);
  octal(0o644, 100, 7);
  octal(text.length, 124, 11);
  octal(modified, 136, 11);
  header.write("        0", 148, "latin1");
  header.write("ustar\x0000", 257, "latin1");
  octal(
    header.reduce((sum, byte) => sum + byte, 0),
    148,
    6,
  );
  return Buffer.concat([header, Buffer.from(text), Buffer.alloc(1024 + ((512 - (text.length % 512)) % 512))]);
}

describe("a witness", () => {
  it("is nobody before a list was read, and says what to do", async () => {
    const { document } = await check("tool-1.2.0.zip");
    expect(seenBy(document, "witness")?.because).toMatch(
      /^no list of packages was read; run sallyport intel sync/,
    );
  });

  it("agrees about the bytes that it saw, which does not admit by itself", async () => {
    await importBucket(sha256(tools.get("tool-1.2.0.zip") ?? Buffer.alloc(0)), 1_790_000_000);
    const { code, document } = await check("tool-1.2.0.zip");
    expect(code).toBe(10);
    expect(seenBy(document, "witness")).toMatchObject({
      outcome: "pass",
      because: expect.stringMatching(/^Scoop buckets of .* saw the same bytes as tool 1\.2\.0/),
      facts: { standing: "agrees", independent: 1 },
    });
    expect(seenBy((await check("tool-1.3.0.zip")).document, "witness")?.because).toMatch(
      /^nobody who was asked/,
    );
  });

  it("holds what was released again under the same version", async () => {
    await importBucket("ab".repeat(32), 1_790_000_100);
    const { code, document } = await check("tool-1.2.0.zip", "--origin", `${AT}/tool-1.2.0.zip`);
    expect(code).toBe(10);
    expect(policiesOf(document)).toContain("witness-conflict");
    expect(seenBy(document, "witness")).toMatchObject({ outcome: "fail" });
    await importBucket(sha256(tools.get("tool-1.2.0.zip") ?? Buffer.alloc(0)), 1_790_000_200);
  });
});

describe("an unsigned update", () => {
  const update = (origin: string, ...flags: readonly string[]) =>
    check("tool-1.3.0.zip", "--baseline", place.at("tool-1.2.0.zip"), "--origin", origin, ...flags);
  const sums = () => ["--published", place.at("SHA256SUMS")];

  it("is held for as long as no person admitted what it continues", async () => {
    const { code, document } = await update(`${AT}/tool-1.3.0.zip`, ...sums());
    expect(code).toBe(10);
    expect(seenBy(document, "unsigned-update")?.because).toMatch(/^no person's word for tool-1\.2\.0\.zip/);
  });

  it("is admitted from the same place, with a published hash, and not otherwise", async () => {
    expect((await place.sallyport("admit", place.at("tool-1.2.0.zip"), ...PERSON)).code).toBe(0);
    expect(policiesOf((await update(`${AT}/tool-1.3.0.zip`)).document)).toContain("unsigned");
    for (const other of [
      "https://tools.example/mallory/tool-1.3.0.zip",
      "http://tools.example/get/tool-1.3.0.zip",
    ])
      expect(policiesOf((await update(other, ...sums())).document), other).toContain("unsigned");
    const { code, document } = await update(`${AT}/tool-1.3.0.zip`, ...sums());
    expect(policiesOf(document)).toEqual(["unsigned-update"]);
    expect(code).toBe(0);
  });
});

describe("a supplier that was named here", () => {
  const WORD = ["--owner", "Head of IT", "--reason", "our vendor"];
  const accepted = () => ["--trust", place.at("root.pem"), "--signer", replica.signer];

  it("publishes from where it was said to, and from nowhere that looks like it", async () => {
    const flags = ["--domain", "trading-example.invalid", "--cooling-off-days", "0", ...WORD];
    expect(await place.sallyport("intel", "add", "supplier", replica.signer, ...flags)).toMatchObject({
      code: 0,
    });
    const from = (host: string) =>
      check("xtrade.exe", ...accepted(), "--origin", `https://${host}/xtrade.exe`);
    const right = await from("get.trading-example.invalid");
    expect(right.code).toBe(0);
    expect(seenBy(right.document, "origin")).toMatchObject({ outcome: "pass" });
    for (const host of [
      "trading-exarnple.invalid",
      "trading-example.invalid.evil.example",
      "mirror.example",
    ]) {
      const { code, document } = await from(host);
      expect(code, host).toBe(10);
      expect(policiesOf(document), host).toContain("suspicious-origin");
    }
  });

  it("is known by the mark that a browser left beside the file", async () => {
    const mark = (host: string) => `[ZoneTransfer]\r\nZoneId=3\r\nHostUrl=https://${host}/xtrade.exe\r\n`;
    const markPath = `${place.at("xtrade.exe")}:Zone.Identifier`;
    await writeFile(markPath, mark("trading-example.invalid"));
    expect(seenBy((await check("xtrade.exe", ...accepted())).document, "origin")).toMatchObject({
      outcome: "pass",
      facts: { toldBy: "mark-of-the-web" },
    });
    await writeFile(markPath, mark("trading-exarnple.invalid"));
    expect((await check("xtrade.exe", ...accepted())).code).toBe(10);
    await writeFile(markPath, "");
  });

  it("has its releases wait, and a fix let in before by two people and not by one", async () => {
    const company = "Ledgerworks Software";
    const version = { CompanyName: company, ProductName: "Ledgerpad", ProductVersion: "1.0" };
    await writeFile(place.at("ledgerpad.exe"), buildPeImage({ content: Buffer.alloc(512), version }));
    const named = ["intel", "add", "supplier", company, "--domain", "ledgerworks.invalid"];
    expect(await place.sallyport(...named, ...WORD)).toMatchObject({ code: 0 });
    const young = await check("ledgerpad.exe");
    expect(policiesOf(young.document)).toEqual(expect.arrayContaining(["unsigned", "cooling-off"]));
    expect(seenBy(young.document, "cooling-off")).toMatchObject({ facts: { requiredDays: 28, ageDays: 0 } });
    const admitBy = (owner: string) =>
      place.sallyport(
        "admit",
        place.at("ledgerpad.exe"),
        "--owner",
        owner,
        "--reason",
        "fix",
        "--until",
        "2099-01-31",
      );
    const first = await admitBy("Alex");
    expect(first.code).toBe(10);
    expect(first.stdout).toContain("cooling-off");
    expect((await admitBy(" alex")).code).toBe(10);
    expect((await admitBy("Kim")).code).toBe(0);
    expect((await check("ledgerpad.exe")).code).toBe(0);
  });
});
