/** The makers' own client signs, we verify. */

import { sourceOf, verifyContext } from "@sallyport/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import type { BroughtFile } from "../../brought.ts";
import { defaultTrust } from "../../trust/default-trust.ts";
import { ISSUER, SUBJECT, signIndependently } from "./independent-signer.fixture.ts";
import { sigstore } from "./index.ts";

const FILE = Buffer.from("a harmless line of text\n".repeat(50));
const file = (name: string, document: unknown): BroughtFile => ({
  name,
  source: sourceOf(Buffer.from(JSON.stringify(document))),
});

describe("bundles of @sigstore/sign", () => {
  let made: Awaited<ReturnType<typeof signIndependently>>;
  beforeAll(async () => {
    made = await signIndependently(FILE);
  }, 120_000);

  const verify = (bytes: Buffer) =>
    sigstore.verify(
      sourceOf(bytes),
      verifyContext(
        { format: "data", trust: defaultTrust() },
        {
          signatures: made.bundles.map((bundle, index) => file(`bundle ${index}`, bundle)),
          trustedRoot: file("trusted_root.json", made.root),
          identity: { subject: SUBJECT, issuer: ISSUER },
        },
      ),
    );

  it("are believed: certificate, log, timestamp and subject", async () => {
    const { signatures, findings } = await verify(FILE);
    expect(findings).toEqual([]);
    expect(signatures.map(({ integrity, trust, timestamp }) => [integrity, trust, timestamp?.kind])).toEqual([
      ["pass", "valid-timestamped", "rfc3161"],
      ["pass", "valid-timestamped", "rfc3161"],
    ]);
  });

  it("fail for another file", async () => {
    const { signatures } = await verify(Buffer.concat([FILE, Buffer.from("x")]));
    expect(signatures.map(({ integrity }) => integrity)).toEqual(["fail", "fail"]);
  });
});
