/** What a person brings along counts, or the verdict says why not; it is never passed over. */

import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makePlace, type Place } from "./sallyport-process.ts";

let place: Place;
beforeAll(async () => {
  place = await makePlace();
  await writeFile(place.at("file"), "hello\n");
  await writeFile(place.at("noise"), "neither a signature nor a key\n");
});
afterAll(() => place.remove());

describe("what nobody here can use", () => {
  it.each(["--signature", "--key"])("holds, and is named: %s", async (flag) => {
    const { code, stdout } = await place.sallyport(
      "check",
      place.at("file"),
      flag,
      place.at("noise"),
      "--json",
    );
    const { reasons, evidence } = JSON.parse(stdout);
    expect(code).toBe(10);
    expect(reasons.map(({ policy }: { policy: string }) => policy)).toContain("unknown-outcome");
    expect(evidence).toContainEqual(
      expect.objectContaining({
        source: "gate/checks/integrity",
        outcome: "unknown",
        because: expect.stringContaining(`${flag} ${place.at("noise")}`),
      }),
    );
  });
});

describe("flags that mean nothing alone", () => {
  it.each([
    [["--identity", "release@example.com"], "--issuer"],
    [["--issuer", "https://issuer.example"], "--identity"],
    [["--packages", "noise"], "--release"],
  ])("are refused: %j", async (flags, missing) => {
    const named = flags.map((flag) => (flag === "noise" ? place.at("noise") : flag));
    const { code, stderr } = await place.sallyport("check", place.at("file"), ...named);
    expect(code).toBe(2);
    expect(stderr).toContain(missing);
  });

  it("asks for one file when a signature is given", async () => {
    const files = [place.at("file"), place.at("noise")];
    const { code, stderr } = await place.sallyport("check", ...files, "--signature", place.at("noise"));
    expect(code).toBe(2);
    expect(stderr).toContain("--signature goes with one file");
  });
});
