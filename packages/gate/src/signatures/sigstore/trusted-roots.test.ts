/** What a trusted root may leave out, and what it may not. */

import type { Json, JsonObject } from "@sallyport/core";
import { describe, expect, it } from "vitest";
import { attest, signFile, statementOf, subjectOf } from "./bundles.fixture.ts";
import { change, FILE, verify } from "./hostile.fixture.ts";
import { issueKeyless, trustedRoot } from "./signing-service.fixture.ts";
import { readRoot } from "./trust-root.ts";

describe("trusted roots", () => {
  const attested = attest(statementOf(subjectOf(FILE)));
  const endOf = (end: string) => (old: Json) => ({ ...(old as JsonObject), end });

  it.each<[string, (string | number)[]]>([
    ["log", ["tlogs", 0, "publicKey", "validFor"]],
    ["certificate log", ["ctlogs", 0, "publicKey", "validFor"]],
    ["authority", ["certificateAuthorities", 0, "validFor"]],
  ])("does not use a %s that does not say since when it is valid", async (_, path) => {
    const root = change(trustedRoot(), path, () => ({}));
    expect(readRoot(root).ignored).toHaveLength(1);
    expect((await verify(attested, root)).signatures[0]?.trust).not.toBe("valid-timestamped");
  });

  it("does not take a timestamp of an authority without bounds", async () => {
    const root = change(trustedRoot(), ["timestampAuthorities", 0, "validFor"], () => undefined);
    const { signatures } = await verify(signFile(FILE, { log: "second" }), root);
    expect(signatures[0]).toMatchObject({ trust: "timestamp-unverifiable" });
  });

  it.each<[string, (string | number)[], JsonObject]>([
    ["log", ["tlogs", 0, "publicKey", "validFor"], attested],
    ["log of the second kind", ["tlogs", 1, "publicKey", "validFor"], signFile(FILE, { log: "second" })],
    ["certificate log", ["ctlogs", 0, "publicKey", "validFor"], attested],
    ["authority", ["certificateAuthorities", 0, "validFor"], attested],
  ])("does not believe a %s after its end, and does on its last moment", async (_, path, bundle) => {
    const ended = change(trustedRoot(), path, endOf("2026-03-01T00:00:00Z"));
    expect((await verify(bundle, ended)).signatures[0]?.trust).not.toBe("valid-timestamped");
    const last = change(trustedRoot(), path, endOf("2026-03-04T05:06:07Z"));
    expect((await verify(bundle, last)).signatures[0]?.trust).toBe("valid-timestamped");
  });

  it("needs no log only where the root, as it was written, has none", async () => {
    const stamped = attest(statementOf(subjectOf(FILE)), {
      signer: issueKeyless({ withoutTimestamp: true }),
      log: "none",
      withTimestamp: true,
    });
    const logless = change(
      change(trustedRoot(), ["tlogs"], () => []),
      ["ctlogs"],
      () => [],
    );
    expect((await verify(stamped, logless)).signatures[0]?.trust).toBe("valid-timestamped");
    const hidden = change(trustedRoot(), ["tlogs"], (old) =>
      (old as JsonObject[]).map((log) => change(log, ["publicKey", "validFor"], () => undefined)),
    );
    expect((await verify(stamped, hidden)).signatures[0]?.trust).not.toBe("valid-timestamped");
  });

  it("uses the root that is brought, not the shipped one, and several on lines", async () => {
    const lines = [
      JSON.stringify(change(trustedRoot(), ["certificateAuthorities"], () => [])),
      JSON.stringify(trustedRoot()),
    ];
    expect((await verify(attested, lines.join("\n"))).signatures[0]?.trust).toBe("valid-timestamped");
    for (const broken of ["{}", "no JSON", '{"mediaType":"x"}', ""]) {
      const { signatures, findings } = await verify(attested, broken);
      expect(signatures).toEqual([]);
      expect(findings).toMatchObject([{ check: "integrity", outcome: "unknown" }]);
    }
  });
});
