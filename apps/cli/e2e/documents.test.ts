/** The verdict for other programs and for a reviewer: a SARIF log that its schema accepts, and a page that is only text. */

import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { buildPeImage, writeZip } from "@sallyport/gate/replica";
import { npmFile } from "@sallyport/testkit";
import { Ajv } from "ajv";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makePlace, type Place } from "./sallyport-process.ts";
import { SARIF_SCHEMA } from "./sarif-schema.ts";

const HOSTILE = `<script>alert(1)</script>"'&\u202E.exe`;
const CHROMIUM = "/usr/bin/chromium";

let place: Place;
beforeAll(async () => {
  place = await makePlace();
  const version = { ProductName: HOSTILE, CompanyName: "<b>bold</b>" };
  const members = [
    { name: "../up.txt", bytes: Buffer.from("text") },
    { name: `folder/${HOSTILE}`, bytes: buildPeImage({ version }) },
  ];
  await writeFile(place.at("bad.zip"), writeZip(members));
  await writeFile(place.at("plain.txt"), "text");
});
afterAll(() => place.remove());

describe("--sarif", () => {
  it("prints a log that the schema of SARIF 2.1.0 accepts", async () => {
    // Formats of texts are advice in draft 7; there is no validator for them here.
    const schema = JSON.parse(await readFile(await npmFile(SARIF_SCHEMA), "utf8"));
    const isValid = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);
    const { stdout, code } = await place.sallyport(
      "check",
      place.at("bad.zip"),
      place.at("plain.txt"),
      "--sarif",
    );
    expect(code).toBe(20);
    isValid(JSON.parse(stdout));
    expect(isValid.errors).toBeNull();
  });

  it("names rule, level and place of everything that did not pass", async () => {
    const { stdout } = await place.sallyport("check", place.at("bad.zip"), "--sarif");
    const [run] = JSON.parse(stdout).runs;
    const escaping = run.results.find(({ ruleId }: { ruleId: string }) => ruleId === "member-names");
    expect(escaping).toMatchObject({
      level: "error",
      message: { text: expect.stringContaining("climbs with ..") },
      locations: [{ logicalLocations: [{ fullyQualifiedName: "bad.zip/../up.txt" }] }],
    });
    const artifact = run.artifacts[escaping.locations[0].physicalLocation.artifactLocation.index];
    expect(artifact).toMatchObject({ parentIndex: 0, location: { uri: "../up.txt" } });
    expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(
      [...new Set(run.results.map(({ ruleId }: { ruleId: string }) => ruleId))].sort(),
    );
  });

  it("gives the same finding the same fingerprint in every run", async () => {
    const prints = async () => {
      const { stdout } = await place.sallyport("check", place.at("bad.zip"), "--sarif");
      return JSON.parse(stdout).runs[0].results.map(
        (result: { partialFingerprints: unknown }) => result.partialFingerprints,
      );
    };
    expect(await prints()).toEqual(await prints());
  });
});

describe("--html", () => {
  it("takes no name for markup, and needs nothing from anywhere", async () => {
    const { stdout, code } = await place.sallyport("check", place.at("bad.zip"), "--html");
    expect(code).toBe(20);
    expect(stdout).toMatch(/^<!doctype html>/);
    expect(stdout).not.toMatch(/<script|<b>|\u202E|https?:\/\/(?!slsa|sallyport)/);
    expect(stdout).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(stdout).toContain("escaping-name");
  });

  it("excludes another document", async () => {
    const { code, stderr } = await place.sallyport("check", place.at("bad.zip"), "--html", "--sarif");
    expect(code).toBe(2);
    expect(stderr).toContain("--sarif and --html exclude each other");
  });

  it.skipIf(!existsSync(CHROMIUM))(
    `reads in a browser without a script, a request or a complaint${existsSync(CHROMIUM) ? "" : " (skipped: no Chromium here)"}`,
    async () => {
      const { stdout } = await place.sallyport("check", place.at("bad.zip"), place.at("plain.txt"), "--html");
      await writeFile(place.at("page.html"), stdout);
      const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
      try {
        const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
        const complaints: string[] = [];
        const requests: string[] = [];
        page.on("console", (message) => complaints.push(message.text()));
        page.on("dialog", (dialog) => complaints.push(dialog.message()));
        page.on("request", (request) => requests.push(request.url()));
        await page.goto(pathToFileURL(place.at("page.html")).href);
        expect(await page.locator("h1").allTextContents()).toEqual(["2 files", "bad.zip", "plain.txt"]);
        expect(await page.locator("td", { hasText: "<script>" }).count()).toBeGreaterThan(0);
        expect(requests).toHaveLength(1);
        expect(complaints).toEqual([]);
        const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
        expect(overflow).toBeLessThanOrEqual(0);
      } finally {
        await browser.close();
      }
    },
  );
});
