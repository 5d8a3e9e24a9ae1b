import {
  type Decision,
  decide,
  type Evidence,
  type Intel,
  type JsonObject,
  type Known,
  type Lifecycle,
  loadPolicies,
  type Outcome,
  type PolicySet,
  type Supplier,
} from "@sallyport/core";
import { beforeAll, describe, expect, it } from "vitest";
import { contextWith, rootWith, signedBy } from "../checks/check.fixture.ts";
import type { CheckContext } from "../checks/check.ts";
import { intelWith, snapshotWith } from "../checks/intel.fixture.ts";
import { examine } from "../examine.ts";
import { defaultPolicies } from "../policies/policy-files.ts";
import { vocabulary } from "../vocabulary.ts";
import { type Hunted, hunter, type PastDecision } from "./hunt.ts";

const THEN = new Date("2026-01-02T03:04:05Z");
const NOW = new Date("2026-03-02T03:04:05Z");
const sha256 = "0".repeat(64);
const subject = { kind: "artifact", id: `sha256:${sha256}`, label: "setup.exe" } as const;

let policy: PolicySet;
beforeAll(async () => {
  policy = await loadPolicies(await defaultPolicies(), { vocabulary: vocabulary(), withoutDefaults: [] });
});

const seen = (check: string, outcome: Outcome, facts: JsonObject = {}): Evidence => ({
  source: `gate/checks/${check}`,
  kind: "content",
  outcome,
  because: "seen",
  facts,
});
const OPENED = ["opened", "structure", "member-names", "certificate-table", "integrity"].map((check) =>
  seen(check, "pass"),
);

/** An ordinary release of an accepted signer, judged with what was known then. */
async function judged(intel: Intel, given: Partial<CheckContext> = {}): Promise<PastDecision> {
  const artifact = rootWith({
    signatures: [signedBy("Example Software")],
    identity: { product: "Example Trader", company: "Example Software", version: "7.1" },
  });
  const context = contextWith({
    clock: { now: () => THEN },
    acceptedSigners: [{ text: "Example Software", product: undefined, origin: "--signer" }],
    firstSeenAt: THEN,
    intel,
    ...given,
  });
  const { evidence, notChecked, asked } = await examine(
    { subject, artifact, evidence: OPENED, notChecked: [] },
    context,
  );
  const decision = decide(policy, subject, evidence, {
    now: THEN,
    notChecked,
    asked,
    snapshotIds: intel.snapshots.map(({ id }) => id),
    anchorSetHash: "00",
    engineVersion: "0.1.0",
  });
  return { digest: "ab".repeat(32), recordedAt: THEN, decision: stored(decision) };
}

/** As it comes back from the log. */
const stored = (decision: Decision): Decision => JSON.parse(JSON.stringify(decision));

const hunt = (past: PastDecision, intel: Intel, given: Partial<CheckContext> = {}): Promise<Hunted> =>
  hunter({
    now: NOW,
    engineVersion: "0.2.0",
    policyFor: async () => policy,
    contextFor: async () => contextWith({ clock: { now: () => NOW }, firstSeenAt: THEN, intel, ...given }),
  })(past);

const nothing = intelWith({ snapshots: [snapshotWith({ id: "list@1", answers: ["lifecycle"] })] });
const over: Known<Lifecycle> = {
  fact: { product: "Example Trader", vendor: "Example Software", retiredOn: "2025-12-01" },
  snapshot: "list@2",
  match: "certain",
  because: "product and vendor agree",
};
const retiredSince = intelWith({
  snapshots: [snapshotWith({ id: "list@2", answers: ["lifecycle"] })],
  lifecycles: async ({ product }) => (product === "Example Trader" ? [over] : []),
});

describe("a decision that is asked again", () => {
  it("stays when nothing new is known, and rests on the bytes as they were seen", async () => {
    const past = await judged(nothing);
    expect(past.decision.verdict).toBe("admit");
    const found = await hunt(past, nothing);
    expect(found).toMatchObject({ change: "same", unanswered: [] });
    expect(found.decision).toBe(past.decision);
  });

  it("becomes worse by a new fact, and names the one it supersedes", async () => {
    const past = await judged(nothing);
    const { change, decision, news } = await hunt(past, retiredSince);
    expect(change).toBe("worse");
    expect(decision).toMatchObject({
      verdict: "refuse",
      asked: past.decision.asked,
      replay: { supersedes: past.digest, snapshotIds: ["list@2"], now: NOW.toISOString() },
    });
    expect(decision.evidence).toEqual(expect.arrayContaining(OPENED));
    expect(news.map(({ source }) => source)).toContain("gate/checks/retired");
  });

  it("is asked also when no source was at hand the first time", async () => {
    const past = await judged(intelWith({ snapshots: [] }));
    expect(past.decision.notChecked.map(({ source }) => source)).toContain("gate/checks/retired");
    expect(await hunt(past, retiredSince)).toMatchObject({
      change: "worse",
      decision: { verdict: "refuse" },
    });
  });

  it("is only proposed to be better when what spoke against it is known no more", async () => {
    const past = await judged(retiredSince);
    expect(past.decision.verdict).toBe("refuse");
    expect(await hunt(past, nothing)).toMatchObject({ change: "better", decision: { verdict: "admit" } });
  });

  it("is released when nothing but a time of waiting held it, and that is over", async () => {
    const waiting = intelWith({
      snapshots: [snapshotWith({ id: "organisation@1", answers: ["supplier"], authority: "organisation" })],
      supplier: {
        fact: { name: "Example Software", domains: [] },
        snapshot: "organisation@1",
        match: "certain",
        because: "the name",
      },
    });
    const past = await judged(waiting);
    expect(past.decision).toMatchObject({ verdict: "hold", reasons: [{ policy: "cooling-off" }] });
    expect(await hunt(past, waiting)).toMatchObject({ change: "released", decision: { verdict: "admit" } });
  });

  it("is not released by itself while what became known since then was not searched for in its bytes", async () => {
    const supplier: Known<Supplier> = {
      fact: { name: "Example Software", domains: [] },
      snapshot: "organisation@1",
      match: "certain",
      because: "the name",
    };
    const house = snapshotWith({ id: "organisation@1", answers: ["supplier"], authority: "organisation" });
    const waiting = intelWith({ snapshots: [house], supplier });
    const later = intelWith({
      snapshots: [house, snapshotWith({ id: "attacks@2", answers: ["indicator"] })],
      supplier,
      indicatorValues: async (kind) => (kind === "domain" ? ["evil.example"] : []),
    });
    const past = await judged(waiting);
    const { change, unanswered } = await hunt(past, later);
    expect(unanswered.map(({ check }) => check)).toEqual(["indicator"]);
    expect(change).toBe("better");
    const { asked: _, ...forgotten } = past.decision;
    expect(await hunt({ ...past, decision: forgotten }, waiting)).not.toMatchObject({ change: "released" });
  });

  it("falls back when a person's exception has ended", async () => {
    const past = await judged(retiredSince, {
      exception: {
        owner: "alex",
        reason: "needed until the move",
        until: "2026-02-01T00:00:00Z",
        overrides: ["retired-product"],
      },
    });
    expect(past.decision.verdict).toBe("admit");
    expect(await hunt(past, retiredSince)).toMatchObject({
      change: "worse",
      decision: { verdict: "refuse" },
    });
  });

  it("rests on an acceptance for as long as that holds, and on one for that once", async () => {
    const lasting = {
      text: "Example Software",
      product: undefined,
      origin: "accepted by alex",
      isLasting: true,
    };
    const past = await judged(nothing, { acceptedSigners: [lasting] });
    expect(past.decision.verdict).toBe("admit");
    expect((await hunt(past, nothing, { acceptedSigners: [lasting] })).change).toBe("same");
    expect(await hunt(past, nothing)).toMatchObject({ change: "worse", decision: { verdict: "hold" } });
    const held = await judged(nothing, { acceptedSigners: [] });
    expect(await hunt(held, nothing, { acceptedSigners: [lasting] })).toMatchObject({ change: "better" });
    // By --signer: the first decision of all, above.
    expect((await hunt(await judged(nothing), nothing)).change).toBe("same");
  });

  it("says what cannot be asked: questions that were not kept, rules and texts that came later", async () => {
    const past = await judged(nothing);
    const { asked: _asked, ...older } = past.decision;
    const { change, unanswered } = await hunt({ ...past, decision: older }, retiredSince);
    expect(change).toBe("same");
    expect(unanswered.map(({ check }) => check)).toContain("retired");
    const later = intelWith({
      snapshots: [
        snapshotWith({ id: "rules@2", title: "Rules of a team", answers: ["rule"] }),
        snapshotWith({ id: "domains@2", title: "Domains", answers: ["indicator"] }),
      ],
      hasIndicators: async () => true,
      indicatorValues: async (kind) => (kind === "domain" ? ["evil.example", "bad.example"] : []),
    });
    expect((await hunt(past, later)).unanswered).toEqual([
      { check: "rules", because: expect.stringContaining("Rules of a team") },
      {
        check: "indicator",
        because:
          "it was not searched for 2 domains, addresses and texts that were told later; files are known by their MD5 and SHA-1, which it has not",
      },
    ]);
  });

  it("takes what was kept with care", async () => {
    const past = await judged(nothing);
    for (const broken of [{}, { claims: 7 }, { product: null, parts: [[[]]], members: "x", names: {} }]) {
      const asked = Object.fromEntries(
        Object.keys(past.decision.asked ?? {}).map((check) => [check, broken]),
      );
      await expect(
        hunt({ ...past, decision: { ...past.decision, asked } }, retiredSince),
      ).resolves.toBeDefined();
    }
  });
});
