/** What was admitted yesterday is refused today when somebody learns why, without the file. */

import { rm, writeFile } from "node:fs/promises";
import { buildRetiredCase } from "@sallyport/gate/replica";
import { afterAll, beforeAll, expect, it } from "vitest";
import { documentOf, makePlace, type Place } from "./sallyport-process.ts";

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
