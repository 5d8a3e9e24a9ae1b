import { recordingContext, sourceOf } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { assemblyManifest } from "./index.ts";
import { MANIFEST, sample } from "./sample.fixture.ts";

const glimpse = (bytes: Buffer) => ({
  head: bytes.subarray(0, 36_864),
  tail: bytes,
  sizeBytes: bytes.length,
});
const recognise = (text: string) => assemblyManifest.recognise(glimpse(Buffer.from(text)));
const identify = async (text: string) =>
  assemblyManifest.identify?.(sourceOf(Buffer.from(text)), recordingContext().context);

describe("assembly manifests", () => {
  it("say what the whole is, not what it needs", async () => {
    expect(await identify(MANIFEST)).toEqual({
      product: "Demo.exe",
      version: "1.2.3.4",
      architecture: "x64",
    });
    expect(await identify(MANIFEST.replace("amd64", "msil"))).toEqual({
      product: "Demo.exe",
      version: "1.2.3.4",
    });
  });

  it.each([
    ["with another prefix", MANIFEST.replaceAll("asmv1:", "a:").replace(":asmv1=", ":a=")],
    ["without prefix", '<assembly xmlns="urn:schemas-microsoft-com:asm.v1" manifestVersion="1.0"/>'],
    [
      "in other quotes, without a declaration",
      "<assembly manifestVersion='1.0' xmlns='urn:schemas-microsoft-com:asm.v1'>",
    ],
  ])("are known %s", (_what, text) => expect(recognise(text)).toBe(true));

  it.each([
    ["another namespace", MANIFEST.replaceAll("asm.v1", "asm.x")],
    ["another root", MANIFEST.replaceAll("assembly", "assemblage")],
    ["the namespace further inside only", '<a><assembly xmlns="urn:schemas-microsoft-com:asm.v1"/></a>'],
    ["text about one", `see ${MANIFEST}`],
    ["many comments that do not end", `<!--${"--<!-".repeat(7000)}`],
  ])("are not taken for it: %s", (_what, text) => expect(recognise(text)).toBe(false));

  it("say nothing of themselves when they are cut short or no XML", async () => {
    const whole = sample();
    for (let length = 0; length < whole.length; length += 7)
      expect(await identify(whole.subarray(0, length).toString())).toEqual({});
    expect(await identify(`<!DOCTYPE a [<!ENTITY b "c">]>${MANIFEST.slice(1)}`)).toEqual({});
  });
});
