/** Payloads in a genuinely signed library, and what honest tools do to it. */

import { readFile } from "node:fs/promises";
import { npmFile, SIGNATURE_MUTATIONS, sourceOf, verifyContext } from "@sallyport/testkit";
import { beforeAll, expect, it } from "vitest";
import { withChecksum } from "../../replica/pe-image.ts";
import { authenticode } from "../../signatures/authenticode/index.ts";
import { defaultTrust } from "../../trust/default-trust.ts";
import { signer } from "../signer/index.ts";
import { compareMembers, contextOf, portraitOf } from "../trait.fixture.ts";
import type { Portrait } from "../trait.ts";
import { signedContent } from "./index.ts";

const LIBRARY = {
  package: "gl",
  version: "8.1.6",
  integrity:
    "sha512-BcvkgW+jWiX2SjTddgq4lOfkFmeiKE/n1N3zFnq/JlSwemIvQvH1rLURz5oMdfp4ZT5bzseuIOE608zQI0DRYA==",
  path: "deps/windows/dll/x64/d3dcompiler_47.dll",
};
const NOW = new Date("2026-11-25T12:00:00Z");

async function draw(bytes: Buffer): Promise<Portrait> {
  const context = verifyContext({ trust: defaultTrust(), now: NOW, format: "pe" });
  const { signatures } = await authenticode.verify(sourceOf(bytes), context);
  return portraitOf([], { path: "d3dcompiler_47.dll", format: "pe", bytes, signatures });
}
const compare = (before: Portrait, after: Portrait) => [
  ...compareMembers(signedContent, before, after),
  ...(signer.compareReleases?.(contextOf([{ before, after, how: "path" }])) ?? []),
];

let image: Buffer;
let before: Portrait;
beforeAll(async () => {
  image = await readFile(await npmFile(LIBRARY));
  before = await draw(image);
});

/** A few bytes in place of others, which the check of the certificate table refuses: no size tells of them. */
const WITHOUT_SIZE = /^[GNO]:/;

it.each(SIGNATURE_MUTATIONS.map((mutation) => [mutation.name, mutation] as const))(
  "tells gravely of %s",
  async (name, mutation) => {
    const risks = compare(before, await draw(mutation.mutate(image))).map(({ risk }) => risk);
    if (WITHOUT_SIZE.test(name)) expect(risks).toEqual(["low"]);
    else expect(risks.some((risk) => risk === "critical" || risk === "high")).toBe(true);
  },
);

it("tells lightly of another checksum", async () => {
  const stale = Buffer.from(image);
  stale.writeUInt32LE(0x1234, stale.readUInt32LE(0x3c) + 24 + 64);
  expect(compare(before, await draw(stale))).toMatchObject([{ rule: "touched", risk: "low" }]);
  expect(compare(before, await draw(withChecksum(stale)))).toEqual([]);
});
