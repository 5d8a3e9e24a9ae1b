/** What people decide: exceptions for one content, and signers for one product. Ended by date or by hand. */

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { npmFile, SIGNATURE_MUTATIONS } from "@sallyport/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { documentOf, makePlace, type Place, policiesOf } from "./sallyport-process.ts";

const library = {
  package: "gl",
  version: "8.1.6",
  integrity:
    "sha512-BcvkgW+jWiX2SjTddgq4lOfkFmeiKE/n1N3zFnq/JlSwemIvQvH1rLURz5oMdfp4ZT5bzseuIOE608zQI0DRYA==",
  path: "deps/windows/dll/x64/d3dcompiler_47.dll",
};
const PERSON = ["--owner", "Head of IT", "--reason", "known build"];
const LONG = [...PERSON, "--until", "2099-01-31"];
const WINDOWS = "Microsoft® Windows® Operating System";

let place: Place;
beforeAll(async () => {
  place = await makePlace();
});
afterAll(() => place.remove());

describe("an exception", () => {
  it("admits exactly these bytes, until it is ended", async () => {
    await writeFile(place.at("tool"), "tool, unsigned");
    await writeFile(place.at("other"), "tool, unsigned!");
    const made = await place.sallyport("admit", place.at("tool"), ...LONG);
    expect(made.code).toBe(0);
    expect(made.stdout).toMatch(/^ADMIT {2}tool\n/);
    expect((await place.sallyport("check", place.at("tool"))).code).toBe(0);
    expect((await place.sallyport("check", place.at("other"))).code).toBe(10);

    const listed = await place.sallyport("admit", "--list");
    expect(listed.stdout).toContain("Head of IT: known build");
    const [id = ""] = listed.stdout.split(" ");
    const { exceptions } = JSON.parse((await place.sallyport("admit", "--list", "--json")).stdout) as {
      exceptions: { id: string }[];
    };
    expect(exceptions.map((one) => one.id)).toEqual([id]);
    expect((await place.sallyport("admit", "--end", id)).code).toBe(0);
    expect((await place.sallyport("check", place.at("tool"))).code).toBe(10);
    expect((await place.sallyport("admit", "--end", id)).code).toBe(2);
    expect((await place.sallyport("admit", "--list")).stdout).toContain("ended");
  });

  it("overrides a refusal only when it names it, and is not made otherwise", async () => {
    const [hidden] = SIGNATURE_MUTATIONS;
    const image = await readFile(await npmFile(library));
    await writeFile(place.at("hidden.dll"), hidden?.mutate(image) ?? image);
    const refused = await place.sallyport("admit", place.at("hidden.dll"), ...LONG);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("no exception was made");
    expect(refused.stderr).toContain("--override hidden-data");
    expect((await place.sallyport("check", place.at("hidden.dll"))).code).toBe(20);
    const named = await place.sallyport(
      "admit",
      place.at("hidden.dll"),
      ...LONG,
      "--override",
      "hidden-data",
      "--json",
    );
    expect(named.code).toBe(0);
    expect(documentOf(named)).toMatchObject({ schema: "sallyport.verdict/1", verdict: "admit" });
    const admitted = await place.sallyport("check", place.at("hidden.dll"));
    expect(admitted.code).toBe(0);
    // Whoever reads it later sees whose word it is, and what was taken on.
    expect(admitted.stdout).toContain("Head of IT made an exception until");
    expect(admitted.stdout).toMatch(/Despite: .*hidden/);
  });
});

describe("an accepted signer", () => {
  it("is admitted for the product it was accepted for, and no other, until it is ended", async () => {
    const file = await npmFile(library);
    const accept = (...rest: string[]) =>
      place.sallyport("accept", "signer", "Microsoft Corporation", ...rest);
    expect((await accept("--product", "Another product", ...PERSON)).code).toBe(0);
    expect((await place.sallyport("check", file)).code).toBe(10);
    const made = await accept("--product", WINDOWS, ...PERSON, "--json");
    expect(JSON.parse(made.stdout)).toMatchObject({
      schema: "sallyport.acceptance/1",
      acceptance: { signer: "Microsoft Corporation" },
      receipt: { schema: "sallyport.receipt/1" },
    });
    expect((await place.sallyport("check", file)).code).toBe(0);
    expect((await place.sallyport("accept", "signer", "--list")).stdout).toContain(
      "Microsoft Corporation for Another product",
    );
    const ended = await accept("--end", "--product", "Another product");
    expect(ended.stdout).toContain("for Another product");
    expect((await place.sallyport("check", file)).code).toBe(0);
    expect((await accept("--end")).code).toBe(0);
    expect((await place.sallyport("check", file)).code).toBe(10);
    expect((await accept("--end")).code).toBe(2);
    expect((await place.sallyport("accept", "signer", "--list")).stdout).toContain("over  Microsoft");
  });
});

describe("policies", () => {
  it("are checked with the place of each mistake and what was meant", async () => {
    const folder = place.at("broken");
    await mkdir(folder);
    await writeFile(
      `${folder}/house.cedar`,
      '@id("a")\n@verdict("hold")\n@because("x")\nforbid (principal, action, resource)\nwhen { context.checks["openned"].outcome == "fail" };\n',
    );
    await writeFile(`${folder}/syntax.cedar`, "forbid (principal, action, resource\n");
    const run = await place.sallyport("policy", "check", folder);
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(/house\.cedar:\d+:\d+/);
    expect(run.stderr).toMatch(/syntax\.cedar:\d+:\d+/);
    expect(run.stderr).toMatch(/did you mean "?opened"?/);
    const json = await place.sallyport("policy", "check", folder, "--json");
    expect(json.code).toBe(2);
    expect(JSON.parse(json.stdout)).toMatchObject({ schema: "sallyport.policy-check/1" });
    expect((await place.sallyport("check", place.at("tool"), "--policy", folder)).code).toBe(2);
  });

  it("are added by a folder, and decide with the shipped ones", async () => {
    const folder = place.at("house");
    await mkdir(folder);
    await writeFile(
      `${folder}/house.cedar`,
      '@id("no-plain-data")\n@verdict("refuse")\n@because("this house takes no unsigned files")\nforbid (principal, action, resource)\nwhen { context.checks["signature"].outcome == "fail" };\n',
    );
    expect((await place.sallyport("policy", "check", folder)).stdout).toContain("refuse  no-plain-data");
    const run = await place.sallyport("check", place.at("tool"), "--policy", folder, "--json");
    expect(run.code).toBe(20);
    expect(policiesOf(documentOf(run))).toEqual(["no-plain-data", "unsigned"]);
  });

  it("that are switched off are shown in verdict and document, and none left admits", async () => {
    const off = ["--without-default", "unsigned"];
    const run = await place.sallyport("check", place.at("tool"), ...off);
    expect(run.code).toBe(10);
    expect(run.stdout).toContain("judged without the default policies unsigned");
    const { replay } = documentOf(await place.sallyport("check", place.at("tool"), ...off, "--json"));
    expect(replay.withoutDefaults).toEqual(["unsigned"]);
    const unknown = await place.sallyport("check", place.at("tool"), "--without-default", "unsinged");
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('did you mean "unsigned"');
  });

  it("that ship are sound", async () => {
    const run = await place.sallyport("policy", "check");
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/\d+ policies in \d+ files, no problems\n$/);
  });
});
