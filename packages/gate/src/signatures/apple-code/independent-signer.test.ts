/** Programs that were not signed by Apple's codesign: what another signer writes verifies as well. */

import { readFile } from "node:fs/promises";
import { npmFile, sourceOf, verifyContext } from "@sallyport/testkit";
import { expect, it } from "vitest";
import { defaultTrust } from "../../trust/default-trust.ts";
import { appleCode } from "./index.ts";

it("believes sentry-cli, both of whose slices rcodesign signed", async () => {
  const file = await npmFile({
    package: "@sentry/cli-darwin",
    version: "3.8.0",
    integrity:
      "sha512-i+qTGaHqL6LaIfMYuEohExJyzZwvRRsiQm+vrol/WfFGvqogeijXAU2wXn3xBglszUK/ia1xWH4KxcnqNLOpdQ==",
    path: "bin/sentry-cli",
  });
  const bytes = await readFile(file);
  const now = new Date("2026-11-25T12:00:00Z");
  const context = verifyContext({ trust: defaultTrust(), now, format: "mach-o" });
  const { signatures, findings } = await appleCode.verify(sourceOf(bytes), context);
  expect(findings).toEqual([]);
  expect(signatures).toMatchObject(
    ["x86_64", "arm64"].map((slice) => ({
      integrity: "pass",
      trust: "valid-timestamped",
      signer: { organisation: "GetSentry LLC" },
      facts: { slice, teamIdentifier: "97JCY7859U", hardenedRuntime: true },
    })),
  );
}, 300_000);
