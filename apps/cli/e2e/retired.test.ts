/** Software that its maker took back is refused, whoever signed it; and what only has a near name is not touched. */

import { writeFile } from "node:fs/promises";
import { buildRetiredCase, type RetiredCase } from "@sallyport/gate/replica";
import { dataFile, NO_CORPUS } from "@sallyport/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { documentOf, makePlace, type Place, policiesOf, type Run } from "./sallyport-process.ts";

let place: Place;
let replica: RetiredCase;
beforeAll(async () => {
  place = await makePlace();
  replica = await buildRetiredCase();
  await writeFile(place.at("root.pem"), replica.rootPem);
  for (const { fileName, content } of [replica.installer, replica.msi, ...replica.others])
    await writeFile(place.at(fileName), content);
});
afterAll(() => place.remove());

/** Its signer is accepted, and nothing else is wrong with it. */
const check = (fileName: string): Promise<Run> =>
  place.sallyport(
    "check",
    place.at(fileName),
    "--trust",
    place.at("root.pem"),
    "--signer",
    replica.signer,
    "--json",
  );

const CORE = {
  $schema: "https://docs.oasis-open.org/openeox/v1.0/schema/core.json",
  end_of_life: "2020-04-30T00:00:00Z",
  end_of_security_support: "2020-04-30T00:00:00Z",
  last_updated: "2020-05-01T00:00:00Z",
};

describe("X_TRADER, two years after its maker took it back", () => {
  it("is refused by the list that comes with the program, on the first run and without a network", async () => {
    for (const { fileName } of [replica.installer, replica.msi]) {
      const run = await check(fileName);
      expect(run.code).toBe(20);
      expect(policiesOf(documentOf(run))).toContain("retired-product");
      expect(documentOf(run)).toMatchObject({
        evidence: expect.arrayContaining([
          expect.objectContaining({
            source: "gate/checks/retired",
            outcome: "fail",
            because: expect.stringMatching(
              /^X_TRADER 7\.17\.90.* taken back by its maker in 2020-04 \(Sallyport's list/,
            ),
            facts: expect.objectContaining({
              phase: "retired",
              snapshot: expect.stringMatching(/^retirements@/),
            }),
          }),
        ]),
      });
    }
  });

  it("leaves current programs of near names alone", async () => {
    for (const { fileName } of replica.others) {
      const run = await check(fileName);
      expect(run.code).toBe(0);
      expect(documentOf(run)).toMatchObject({
        notChecked: expect.arrayContaining([
          { source: "gate/checks/retired", because: expect.stringContaining("not known") },
        ]),
      });
    }
  });

  it("is admitted only by a person who names the policy", async () => {
    const words = ["--owner", "Head of IT", "--reason", "an old desk", "--until", "2099-01-31"];
    const trust = ["--trust", place.at("root.pem")];
    const file = place.at(replica.msi.fileName);
    expect((await place.sallyport("admit", file, ...trust, ...words)).code).toBe(2);
    expect(
      (await place.sallyport("admit", file, ...trust, ...words, "--override", "retired-product")).code,
    ).toBe(0);
    expect((await check(replica.msi.fileName)).code).toBe(0);
  });

  it("is refused by its maker's declaration, which counts under a key that somebody trusts", async () => {
    await writeFile(place.at("core.json"), JSON.stringify(CORE));
    const made = await place.sallyport(
      ...["intel", "declare", place.at("core.json"), "--vendor", "Trading Technologies International"],
      ...["--product", "X_TRADER", "--versions", "vers:generic/*", "--output", place.at("x.openeox.json")],
    );
    expect(made.code).toBe(0);
    await writeFile(place.at("maker.pub"), (await place.sallyport("receipt", "key")).stdout);
    const other = await makePlace();
    try {
      const untrusted = await other.sallyport("intel", "import", place.at("x.openeox.json"));
      expect(untrusted.code).not.toBe(0);
      expect(untrusted.stderr).toContain("--key");
    } finally {
      await other.remove();
    }
    const taken = ["intel", "import", place.at("x.openeox.json"), "--key", place.at("maker.pub")];
    expect((await place.sallyport(...taken)).code).toBe(0);
    const run = await check(replica.installer.fileName);
    expect(run.code).toBe(20);
    expect(documentOf(run)).toMatchObject({
      evidence: expect.arrayContaining([
        expect.objectContaining({
          because: expect.stringContaining("reached its end of life on 2020-04-30 (OpenEoX declarations"),
          facts: expect.objectContaining({ snapshot: expect.stringMatching(/^openeox/) }),
        }),
      ]),
    });
  });
});

it("takes over endoflife.date as a person brings it, with every release of it", async ({ skip }) => {
  const file = dataFile("endoflife-derived/endoflife-products.json");
  if (file === undefined) return skip(NO_CORPUS);
  const run = await place.sallyport("intel", "import", file, "--json");
  expect(run.code).toBe(0);
  expect(run.stdout).toContain("8351");
});
