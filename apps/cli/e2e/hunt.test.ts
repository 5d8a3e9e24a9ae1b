/** What was admitted yesterday is refused today when somebody learns why, without the file. */

import { mkdir, rm, writeFile } from "node:fs/promises";
import { systemClock } from "@sallyport/core";
import { buildRetiredCase, type RetiredCase } from "@sallyport/gate/replica";
import { openIntel } from "@sallyport/intel/base";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { version } from "../src/version.ts";
import { documentOf, makePlace, type Place, policiesOf } from "./sallyport-process.ts";

let place: Place;
let fileName = "";
let receipt = "";
beforeAll(async () => {
  place = await makePlace();
  const { others, rootPem, signer } = await buildRetiredCase();
  await writeFile(place.at("root.pem"), rootPem);
  const trader = others.find((other) => other.fileName.startsWith("xtrade"));
  if (trader === undefined) throw new Error("the replica has no such program");
  fileName = trader.fileName;
  await writeFile(place.at(fileName), trader.content);
  const flags = ["--trust", place.at("root.pem"), "--signer", signer, "--json"];
  const run = await place.sallyport("check", place.at(fileName), ...flags);
  expect(run.code).toBe(0);
  expect(run.stdout).not.toContain('"asked"');
  receipt = JSON.stringify(documentOf(run));
  await rm(place.at(fileName));
});
afterAll(() => place.remove());

const words = ["--owner", "Head of IT", "--reason", "its maker wrote to us"];

it("leaves other products alone", async () => {
  const add = ["intel", "add", "retirement", "XTrade Charts", "--vendor", "Example Software"];
  const run = await place.sallyport(...add, "--retired-on", "2024-01-31", ...words);
  expect(run.code).toBe(0);
  expect(run.stdout).toContain("1 past decision asked again: nothing changed");
});

it("refuses a program that was let in, when its retirement is entered", async () => {
  const add = ["intel", "add", "retirement", "XTrade", "--vendor", "Example Software"];
  const run = await place.sallyport(...add, "--retired-on", "2024-01-31", ...words);
  expect(run.stdout).toContain(`ADMIT → REFUSE  ${fileName}`);
  expect(run.stdout).toContain("taken back by its maker");
  const again = await place.sallyport("hunt", "--json");
  expect(again.code).toBe(0);
  expect(JSON.parse(again.stdout)).toMatchObject({
    schema: "sallyport.hunt/1",
    decisions: 1,
    same: 1,
    recorded: [],
  });
  expect(receipt).toContain('"verdict":"admit"');
});

it("only proposes to let it in again, when the entry is taken back", async () => {
  const { entries } = JSON.parse((await place.sallyport("intel", "entries", "--json")).stdout);
  for (const { id } of entries) await place.sallyport("intel", "remove", id, ...words);
  const found = JSON.parse((await place.sallyport("hunt", "--json")).stdout);
  expect(found).toMatchObject({
    recorded: [],
    proposed: [{ change: "better", before: "refuse", verdict: "admit", subject: { label: fileName } }],
  });
  expect((await place.sallyport("hunt")).stdout).toContain(`REFUSE → ADMIT  ${fileName}`);
});

describe("X_TRADER, let in while nobody knew that its maker had taken it back", () => {
  let desk: Place;
  let replica: RetiredCase;
  const flags = () => ["--trust", desk.at("root.pem"), "--signer", replica.signer, "--json"];
  const check = () => desk.sallyport("check", desk.at(replica.installer.fileName), ...flags());
  const receiptOf = async (name: string): Promise<string> => {
    const run = await desk.sallyport("receipt", "latest", desk.at(replica.installer.fileName));
    expect(run.code).toBe(0);
    await writeFile(desk.at(name), run.stdout);
    const verified = await desk.sallyport("receipt", "verify", desk.at(name), "--json");
    expect(verified.code).toBe(0);
    return verified.stdout;
  };

  /** What the program brings is looked at by each of its versions once: this one has, and there was nothing. */
  const runAs = async (edition: string): Promise<void> => {
    const file = `${desk.home}/intel.db`;
    const base = await openIntel({ file, clock: systemClock, sources: [], edition });
    base.close();
  };

  /** Let in by a program that knows nothing of it. */
  beforeAll(async () => {
    replica = await buildRetiredCase();
  });
  const begin = async (): Promise<void> => {
    desk = await makePlace();
    await mkdir(desk.home, { mode: 0o700 });
    await writeFile(desk.at("root.pem"), replica.rootPem);
    await writeFile(desk.at(replica.installer.fileName), replica.installer.content);
    await runAs(version);
    const run = await check();
    expect(run.code).toBe(0);
    expect(documentOf(run).verdict).toBe("admit");
  };

  const learn: Record<string, () => Promise<string>> = {
    "a retirement that somebody enters": async () => {
      const add = ["intel", "add", "retirement", "X_TRADER", "--vendor", "Trading Technologies"];
      return (await desk.sallyport(...add, "--retired-on", "2020-04-30", ...words)).stdout;
    },
    "its maker's OpenEoX declaration": async () => {
      const core = {
        $schema: "https://docs.oasis-open.org/openeox/v1.0/schema/core.json",
        end_of_life: "2020-04-30T00:00:00Z",
        end_of_security_support: "2020-04-30T00:00:00Z",
        last_updated: "2020-05-01T00:00:00Z",
      };
      await writeFile(desk.at("core.json"), JSON.stringify(core));
      const about = ["--vendor", "Trading Technologies International", "--product", "X_TRADER"];
      const declared = ["--versions", "vers:generic/*", "--output", desk.at("x.openeox.json")];
      await desk.sallyport("intel", "declare", desk.at("core.json"), ...about, ...declared);
      await writeFile(desk.at("maker.pub"), (await desk.sallyport("receipt", "key")).stdout);
      const taken = ["intel", "import", desk.at("x.openeox.json"), "--key", desk.at("maker.pub")];
      return (await desk.sallyport(...taken)).stdout;
    },
    "a newer list that the program brings": async () => {
      await runAs("an older version");
      return (await desk.sallyport("hunt")).stdout;
    },
  };

  it.each(Object.keys(learn))("is refused by %s, with a receipt that names the old decision", async (way) => {
    await begin();
    try {
      const before = JSON.parse(await receiptOf("before.json"));
      expect(before).toMatchObject({ verdict: "admit" });
      expect(before).not.toHaveProperty("supersedes");
      expect(await learn[way]?.()).toContain(`ADMIT → REFUSE  ${replica.installer.fileName}`);
      expect(JSON.parse(await receiptOf("after.json"))).toMatchObject({
        verdict: "refuse",
        supersedes: before.decisionDigest,
        reasons: expect.arrayContaining([expect.objectContaining({ policy: "retired-product" })]),
      });
      const shown = await desk.sallyport("receipt", "verify", desk.at("after.json"));
      expect(shown.stdout).toContain(`supersedes: ${before.decisionDigest}`);
      const again = JSON.parse((await desk.sallyport("hunt", "--json")).stdout);
      expect(again).toMatchObject({
        decisions: 1,
        same: 1,
        counts: { recorded: 0, proposed: 0, byPolicy: 0 },
      });
      const now = await check();
      expect(now.code).toBe(20);
      expect(policiesOf(documentOf(now))).toContain("retired-product");
    } finally {
      await desk.remove();
    }
  });
});
