/** What was judged is remembered, explained, carried to another machine and forgotten. */

import { readFile, writeFile } from "node:fs/promises";
import { npmFile, SIGNATURE_MUTATIONS } from "@sallyport/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";
import { documentOf, makePlace, type Place, policiesOf } from "./sallyport-process.ts";

const library = {
  package: "gl",
  version: "8.1.6",
  integrity:
    "sha512-BcvkgW+jWiX2SjTddgq4lOfkFmeiKE/n1N3zFnq/JlSwemIvQvH1rLURz5oMdfp4ZT5bzseuIOE608zQI0DRYA==",
  path: "deps/windows/dll/x64/d3dcompiler_47.dll",
};
const PERSON = ["--owner", "Head of IT", "--reason", "known file"];
const SIGNER = ["--signer", "Microsoft Corporation"];

let place: Place;
let other: Place;
beforeAll(async () => {
  [place, other] = [await makePlace(), await makePlace()];
  const image = await readFile(await npmFile(library));
  const [hidden] = SIGNATURE_MUTATIONS;
  await writeFile(place.at("clean.dll"), image);
  await writeFile(place.at("hidden.dll"), hidden?.mutate(image) ?? image);
  const patched = Buffer.from(image);
  patched.fill(0x90, 0x2000, 0x2010);
  await writeFile(place.at("patched.dll"), patched);
});
afterAll(async () => {
  await place.remove();
  await other.remove();
});

it("knows nothing before anything was judged", async () => {
  const { code, stdout } = await place.sallyport("twins", place.at("clean.dll"));
  expect([code, stdout]).toEqual([0, expect.stringMatching(/nothing is known/)]);
  const held = documentOf(await place.sallyport("check", place.at("hidden.dll"), "--json"));
  expect(policiesOf(held)).not.toContain("twin-changed");
});

it("refuses a file that was changed where its signature does not look, once the good one was admitted", async () => {
  expect((await place.sallyport("check", place.at("clean.dll"), ...SIGNER)).code).toBe(0);
  for (let round = 0; round < 2; round += 1)
    expect(
      policiesOf(documentOf(await place.sallyport("check", place.at("hidden.dll"), "--json"))),
    ).toContain("twin-changed");
  expect((await place.sallyport("check", place.at("clean.dll"), ...SIGNER)).code).toBe(0);
});

it("explains what is known, and what is wrong with it", async () => {
  const { code, stdout } = await place.sallyport("twins", place.at("patched.dll"));
  expect(code).toBe(0);
  expect(stdout.replaceAll(/\s+/g, " ")).toContain("its code is another: one of the two was changed");
  expect(stdout).toContain("in clean.dll, admitted on");
  const { members, problems } = JSON.parse(
    (await place.sallyport("twins", place.at("patched.dll"), "--json")).stdout,
  );
  expect(problems).toMatchObject([{ path: "", rule: "link-id" }]);
  expect(members[0].known).toHaveLength(2);
});

it("carries memories to another machine that trusts its key, and no others", async () => {
  const [file, key, strange] = ["twins.json", "key.pem", "strange.pem"].map(place.at);
  expect((await place.sallyport("twins", "export", file ?? "")).code).toBe(0);
  await writeFile(key ?? "", (await place.sallyport("receipt", "key")).stdout);
  await writeFile(strange ?? "", (await other.sallyport("receipt", "key")).stdout);
  const take = (...more: string[]) => other.sallyport("twins", "import", ...more, ...PERSON);
  expect(await take(file ?? "")).toMatchObject({ code: 2, stderr: expect.stringMatching(/needs --key/) });
  expect(await take(file ?? "", "--key", strange ?? "")).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/not sealed with a key that was given/),
  });
  expect(await take(key ?? "", "--key", key ?? "")).toMatchObject({ code: 2 });
  expect((await other.sallyport("twins", place.at("clean.dll"))).stdout).toContain("nothing is known");
  expect((await take(file ?? "", "--key", key ?? "")).code).toBe(0);
  const found = documentOf(await other.sallyport("check", place.at("hidden.dll"), "--json"));
  expect(policiesOf(found)).toContain("twin-changed");
});

it("forgets what a person names, and says who wanted it", async () => {
  const forget = (...more: string[]) => place.sallyport("twins", "forget", ...more);
  expect((await forget("--all")).code).toBe(2);
  expect((await forget("sha256:12", ...PERSON)).code).toBe(2);
  expect((await forget("--all", "--source", "ab", ...PERSON)).code).toBe(2);
  const { subject } = JSON.parse((await place.sallyport("inspect", place.at("clean.dll"), "--json")).stdout);
  expect((await forget(subject.id, ...PERSON)).stdout).toBe("forgot 1 sighting\n");
  expect((await forget("--all", ...PERSON)).code).toBe(0);
  expect((await place.sallyport("twins", place.at("hidden.dll"))).stdout).toContain("nothing is known");
});
