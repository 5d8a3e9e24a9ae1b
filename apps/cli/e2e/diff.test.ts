/** What changed between two releases, and a verdict that rests on it: as a person asks, and as other programs read it. */

import { existsSync } from "node:fs";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { writeZip } from "@sallyport/gate/replica";
import { npmFile } from "@sallyport/testkit";
import { Ajv } from "ajv";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { documentOf, makePlace, type Place } from "./sallyport-process.ts";
import { SARIF_SCHEMA } from "./sarif-schema.ts";

const CHROMIUM = "/usr/bin/chromium";
const SIGNER = ["--signer", "Example Telecom Ltd"];

let place: Place;
let trust: readonly string[];
beforeAll(async () => {
  place = await makePlace();
  // Releases of the replica, signed, with an invented root; in a home of its own.
  await place.sallyportWith(
    { env: { SALLYPORT_HOME: place.at("other") } },
    "replay",
    "3cx",
    "--keep",
    place.at("kept"),
  );
  trust = ["--trust", place.at("kept/root.pem")];
  await writeFile(place.at("old-1.0.0.zip"), release("1.0.0", { "index.js": "export const answer = 41;\n" }));
  await writeFile(place.at("new-1.0.1.zip"), release("1.0.1", { "index.js": "export const answer = 42;\n" }));
});
afterAll(() => place.remove());

const OLD = "kept/switchboard-18.11.1.msi";
const NEW = "kept/switchboard-18.12.1.msi";

function release(version: string, files: Readonly<Record<string, string>>): Buffer {
  const about = `${JSON.stringify({ name: "example-tool", version })}\n`;
  const members = Object.entries({ "package.json": about, LICENSE: "Apache-2.0\n", ...files });
  return writeZip(
    members.map(([name, text]) => ({ name: `example-tool-${version}/${name}`, bytes: Buffer.from(text) })),
  );
}

const diff = (...args: string[]) => place.sallyport("diff", ...args);

describe("diff", () => {
  it("says on one screen that an ordinary update is one", async () => {
    const { code, stdout } = await diff(place.at("old-1.0.0.zip"), place.at("new-1.0.1.zip"));
    expect(code).toBe(0);
    expect(stdout).toContain("3 changed, 0 added, 0 removed, 1 unchanged");
    expect(stdout).toContain("Nothing but what an ordinary update brings.");
    expect(stdout.split("\n").length).toBeLessThan(24);
  });

  it("prints one document with both releases, counts and every difference", async () => {
    const { stdout } = await diff(place.at("old-1.0.0.zip"), place.at("new-1.0.1.zip"), "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      schema: "sallyport.diff/1",
      before: { label: "old-1.0.0.zip", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      after: { label: "new-1.0.1.zip" },
      sameProduct: true,
      counts: { critical: 0, high: 0, members: 4, unchanged: 1, changed: 3, added: 0, removed: 0 },
      notCompared: [],
      faults: [],
    });
    const hunk = JSON.parse(stdout).differences.find(({ path }: { path: string }) =>
      path.endsWith("index.js"),
    );
    expect(hunk).toMatchObject({ risk: "info", oldPath: "example-tool-1.0.0/index.js" });
    expect(JSON.stringify(hunk)).toContain("+export const answer = 42;");
  });

  it("finds nothing between a file and itself", async () => {
    const { code, stdout } = await diff(place.at(OLD), place.at(OLD));
    expect(code).toBe(0);
    expect(stdout).toContain("0 changed, 0 added, 0 removed, 21 unchanged");
    expect(stdout).toContain("The same file");
    expect(stdout).not.toContain("ordinary");
  });

  it("holds what was compared with a release that could not be opened whole", async () => {
    const whole = await readFile(place.at("old-1.0.0.zip"));
    await writeFile(place.at("cut-1.0.0.zip"), whole.subarray(0, whole.length - 40));
    const { code, stdout } = await diff(place.at("cut-1.0.0.zip"), place.at("new-1.0.1.zip"));
    expect(code).toBe(10);
    expect(stdout).toContain("? in the old release");
    expect(stdout).not.toContain("Nothing but");
    const run = await place.sallyport(
      "check",
      place.at("new-1.0.1.zip"),
      "--baseline",
      place.at("cut-1.0.0.zip"),
    );
    expect(run.code).toBe(10);
    expect(run.stdout.replace(/\s+/g, " ")).toContain("not compared with cut-1.0.0.zip: in the old release");
  });

  it("ends with 20 over what would be refused, and names it", async () => {
    const { code, stdout } = await diff(place.at(OLD), place.at(NEW), "--json");
    expect(code).toBe(20);
    expect(JSON.parse(stdout).faults).toMatchObject([
      { source: "gate/checks/certificate-table", path: "product.cab/Switchboard/shadercompiler_47.dll" },
    ]);
  });

  it("says when two files are not releases of one product", async () => {
    const { code, stdout } = await diff(place.at("old-1.0.0.zip"), place.at(NEW));
    expect(code).toBeGreaterThanOrEqual(10);
    expect(stdout).toContain("do not claim to be releases of one product");
  });

  it("says in its help what it is for and how it ends", async () => {
    const { stdout } = await diff("--help");
    expect(stdout).toContain("What changed between two releases, the gravest first.");
    expect(stdout).toContain("Exit codes: 0");
  });

  it("tells a wrong call from a finding", async () => {
    expect(await diff(place.at("old-1.0.0.zip"))).toMatchObject({ code: 2, stdout: "" });
    const missing = await diff(place.at("old-1.0.0.zip"), place.at("none.zip"));
    expect(missing).toMatchObject({ code: 2, stdout: "" });
    expect(missing.stderr).toContain("none.zip: does not exist");
    const both = await diff(place.at(OLD), place.at(NEW), "--json", "--html");
    expect(both.code).toBe(2);
  });

  it("holds when a limit kept it from comparing everything", async () => {
    const { code, stdout } = await diff(place.at(OLD), place.at(NEW), "--max-entries", "3", "--json");
    expect(code).toBeGreaterThanOrEqual(10);
    expect(JSON.parse(stdout).faults.length + JSON.parse(stdout).notCompared.length).toBeGreaterThan(0);
  });

  it("prints a log that the schema of SARIF 2.1.0 accepts", async () => {
    const schema = JSON.parse(await readFile(await npmFile(SARIF_SCHEMA), "utf8"));
    const isValid = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);
    const { stdout } = await diff(place.at(OLD), place.at(NEW), "--sarif");
    isValid(JSON.parse(stdout));
    expect(isValid.errors).toBeNull();
    const [{ results, tool }] = JSON.parse(stdout).runs;
    expect(results[0]).toMatchObject({ ruleId: "certificate-table", level: "error" });
    expect(tool.driver.rules.map(({ id }: { id: string }) => id)).toContain("certificate-table");
  });

  it.skipIf(!existsSync(CHROMIUM))(
    `is a page that can be searched, and shows names as text${existsSync(CHROMIUM) ? "" : " (skipped: no Chromium here)"}`,
    async () => {
      const files = (word: string) =>
        Object.fromEntries(
          Array.from({ length: 12 }, (_, index) => [
            `lib/<b>${index}.js`,
            `const ${word} = ${index};\n`.repeat(index + 2),
          ]),
        );
      await writeFile(place.at("many-1.0.0.zip"), release("1.0.0", files("first")));
      await writeFile(place.at("many-1.0.1.zip"), release("1.0.1", files("second")));
      const { stdout } = await diff(place.at("many-1.0.0.zip"), place.at("many-1.0.1.zip"), "--html");
      expect(stdout).not.toContain("<b>");
      await writeFile(place.at("page.html"), stdout);
      const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
      try {
        const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
        const complaints: string[] = [];
        page.on("console", (message) => complaints.push(message.text()));
        await page.goto(pathToFileURL(place.at("page.html")).href);
        expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(
          0,
        );
        const shown = page.locator("[data-entry]:visible");
        await page.locator("details.risk > summary").last().click();
        const count = await shown.count();
        if (count > 10) {
          await page.getByRole("searchbox").fill("nothing has these words");
          expect(await shown.count()).toBe(0);
        }
        expect(complaints).toEqual([]);
      } finally {
        await browser.close();
      }
    },
  );
});

describe("check --baseline", () => {
  it("counts the signer of the admitted baseline as accepted, and of no other", async () => {
    await copyFile(place.at(OLD), place.at("again.msi"));
    const baseline = ["--baseline", place.at(OLD), ...trust];
    const before = await place.sallyport("check", place.at("again.msi"), ...baseline, "--json");
    expect(before.code).toBe(10);
    expect((await place.sallyport("check", place.at(OLD), ...trust, ...SIGNER)).code).toBe(0);
    const after = await place.sallyport("check", place.at("again.msi"), ...baseline, "--json");
    expect(after.code).toBe(0);
    const signer = documentOf(after).evidence.find(({ source }) => source === "gate/checks/accepted-signer");
    expect(signer?.because).toContain("the admission of switchboard-18.11.1.msi");
    expect(JSON.parse(after.stdout).baseline).toMatchObject({
      label: "switchboard-18.11.1.msi",
      differences: [],
    });
  });

  it("holds what is no release of the same product", async () => {
    const run = await place.sallyport(
      "check",
      place.at("new-1.0.1.zip"),
      "--baseline",
      place.at(OLD),
      "--json",
    );
    expect(run.code).toBe(10);
    const difference = documentOf(run).evidence.filter(
      ({ source, outcome }) => source === "gate/checks/difference" && outcome === "unknown",
    );
    expect(difference.map(({ because }) => because).join()).toContain("the same product");
  });

  it("says among what was not checked that there was nothing to compare with", async () => {
    const run = await place.sallyport("check", place.at("new-1.0.1.zip"), "--json");
    expect(documentOf(run).notChecked).toContainEqual({
      source: "gate/checks/difference",
      because: expect.stringContaining("--baseline"),
    });
  });

  it("goes with one file", async () => {
    const files = [place.at("old-1.0.0.zip"), place.at("new-1.0.1.zip")];
    const { code, stderr } = await place.sallyport("check", ...files, "--baseline", place.at(OLD));
    expect(code).toBe(2);
    expect(stderr).toContain("--baseline goes with one file");
  });
});
