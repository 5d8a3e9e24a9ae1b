import { describe, expect, it } from "vitest";
import type { Naming } from "../naming.ts";
import { parseCpe } from "./cpe.ts";
import { match } from "./match.ts";

const naming = (value: string): Naming => ({
  identifiers: [{ kind: "cpe", value }],
  scheme: "generic",
  versions: "all",
});
const asked = (claimed: string, named: string) =>
  match({ identifiers: [{ kind: "cpe", value: claimed }] }, naming(named)).match;

describe("CPE names", () => {
  it.each([
    ["cpe:2.3:a:oracle:jre:1.8.0:update202:*:*:*:*:*:*", "1.8.0 update202"],
    ["cpe:2.3:a:python:python:3.8.0:alpha1:*:*:*:*:*:*", "3.8.0 alpha1"],
    ["cpe:2.3:a:python:python:3.8.0:-:*:*:*:*:*:*", "3.8.0"],
    ["cpe:/a:microsoft:office:2016:sp1", "2016 sp1"],
    ["cpe:2.3:a:python:python:*:*:*:*:*:*:*:*", undefined],
  ])("say with %s which update is meant", (text, version) => {
    expect(parseCpe(text)?.version).toBe(version);
  });

  it("mean one update, and not the release before or after it", () => {
    const release = "cpe:2.3:a:python:python:3.8.0:*:*:*:*:*:*:*";
    const alpha = "cpe:2.3:a:python:python:3.8.0:alpha1:*:*:*:*:*:*";
    expect(asked(release, alpha)).toBe("no");
    expect(asked(alpha, alpha)).toBe("certain");
    const java = "cpe:2.3:a:oracle:jdk:1.8.0_202:*:*:*:*:*:*:*";
    expect(asked(java, "cpe:2.3:a:oracle:jdk:1.8.0:update202:*:*:*:*:*:*")).toBe("certain");
    expect(asked(java, "cpe:2.3:a:oracle:jdk:1.8.0:update_201:*:*:*:*:*:*")).toBe("no");
  });

  it("mean another thing for another platform, or as another part", () => {
    const curl = "cpe:2.3:a:haxx:libcurl:8.4.0:*:*:*:*:*:*:*";
    expect(asked(curl, "cpe:2.3:a:haxx:libcurl:*:*:*:*:*:*:*:*")).toBe("certain");
    expect(asked(curl, "cpe:2.3:a:haxx:libcurl:*:*:*:*:*:windows:*:*")).toBe("certain");
    expect(asked(curl, "cpe:2.3:a:haxx:libcurl:*:*:*:*:*:node.js:*:*")).toBe("possible");
    expect(asked(curl, "cpe:2.3:o:haxx:libcurl:*:*:*:*:*:*:*:*")).toBe("no");
    const plugin = "cpe:2.3:a:haxx:libcurl:8.4.0:*:*:*:*:wordpress:*:*";
    expect(asked(plugin, "cpe:2.3:a:haxx:libcurl:*:*:*:*:*:node.js:*:*")).toBe("no");
  });
});
