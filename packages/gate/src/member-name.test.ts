import { expect, it } from "vitest";
import { judgeHardLinkTarget, judgeLinkTarget, judgeMemberName } from "./member-name.ts";

const FOR_UNIX_ALONE = [
  "man3/Params::Util.3pm",
  "a/CON",
  "a\\b",
  "c:x",
  "ends.",
  "ends ",
  "aux.c",
  "back\\..\\x",
];

it("takes names for what the system makes of them that they are unpacked on", () => {
  for (const name of FOR_UNIX_ALONE) {
    expect(judgeMemberName(name), name).toBeDefined();
    expect(judgeMemberName(name, "unix"), name).toBeUndefined();
    expect(judgeHardLinkTarget(name, "unix"), name).toBeUndefined();
  }
});

it("lets nothing climb, nor draw on the screen, wherever it is unpacked", () => {
  for (const name of [
    "",
    "/etc/passwd",
    "../x",
    "a/../../x",
    "a\u202eb",
    "a\nb",
    "x".repeat(5000),
    "y".repeat(300),
  ])
    for (const system of ["any", "unix"] as const) expect(judgeMemberName(name, system), name).toBeDefined();
});

it("takes the root of a system's package for the root of the machine", () => {
  expect(judgeLinkTarget("usr/lib/ssl/certs", "/etc/ssl/certs")).toBeDefined();
  expect(judgeLinkTarget("usr/lib/ssl/certs", "/etc/ssl/certs", "unix")).toBeUndefined();
  expect(judgeLinkTarget("usr/certs", "../../etc", "unix")).toMatchObject({ escapes: true });
});
