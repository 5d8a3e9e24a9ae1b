import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Evidence, Outcome } from "../evidence.ts";
import type { JsonObject } from "../json.ts";
import { type DecisionWorld, decide } from "./decide.ts";
import { loadPolicies } from "./policy-set.ts";
import type { CheckVocabulary } from "./vocabulary.ts";

const vocabulary: CheckVocabulary[] = [
  { id: "opened", facts: {} },
  { id: "member-names", facts: { escapes: "Bool", count: "Long", name: "String", all: "Set<String>" } },
];
const subject = { kind: "artifact", id: "sha256:00", label: "demo.msi" } as const;
const world: DecisionWorld = {
  now: new Date("2026-01-02T03:04:05Z"),
  notChecked: [],
  snapshotIds: [],
  anchorSetHash: "00",
  engineVersion: "0.1.0",
};
const seen = (check: string, outcome: Outcome, facts: JsonObject = {}, path?: string): Evidence => ({
  source: `gate/checks/${check}`,
  kind: "content",
  outcome,
  because: "seen",
  facts,
  ...(path === undefined ? {} : { path }),
});
const load = (...texts: string[]) =>
  loadPolicies(
    texts.map((text, index) => ({ name: `${index}.cedar`, text, origin: "added" as const })),
    { vocabulary, withoutDefaults: [] },
  );

const PERMIT = `@id("open") @because("was opened") permit(principal, action, resource) when { context.checks["opened"].outcome == "pass" };`;
const REFUSE = `@id("escape") @verdict("refuse") @because("escapes") forbid(principal, action, resource) when { context.checks["member-names"].facts.escapes };`;
const HOLD = `@id("names") @verdict("hold") @because("odd names") forbid(principal, action, resource) when { context.checks["member-names"].outcome == "fail" };`;
/** Overflows when anything failed. */
const ERRING = `@id("erring") @verdict("refuse") @because("counts") forbid(principal, action, resource) when { context.checks["member-names"].failCount + 9223372036854775807 == 0 };`;

describe("decide", () => {
  it("holds under an empty policy", async () => {
    const decision = decide(await load(), subject, [seen("opened", "pass")], world);
    expect(decision).toMatchObject({ verdict: "hold", reasons: [{ policy: "no-permit", verdict: "hold" }] });
  });

  it("admits only by a permit, naming policy and evidence", async () => {
    const decision = decide(await load(PERMIT), subject, [seen("opened", "pass")], world);
    expect(decision.verdict).toBe("admit");
    expect(decision.reasons).toEqual([
      { policy: "open", verdict: "admit", because: "was opened", evidence: [0] },
    ]);
  });

  it("holds what a permit does not match, also when nothing was checked", async () => {
    const policy = await load(PERMIT);
    for (const evidence of [
      [],
      [seen("opened", "unknown")],
      [seen("opened", "pass"), seen("opened", "fail")],
    ])
      expect(decide(policy, subject, evidence, world).verdict).toBe("hold");
  });

  it("lists refusing reasons before holding ones, and no overruled permit", async () => {
    const evidence = [seen("opened", "pass"), seen("member-names", "fail", { escapes: true }, "a")];
    const decision = decide(await load(PERMIT, HOLD, REFUSE), subject, evidence, world);
    expect(decision.verdict).toBe("refuse");
    expect(decision.reasons.map(({ policy, evidence }) => [policy, evidence])).toEqual([
      ["escape", [1]],
      ["names", [1]],
    ]);
  });

  it("holds when a policy errs, though a permit matched", async () => {
    const evidence = [seen("opened", "pass"), seen("member-names", "fail")];
    const decision = decide(await load(PERMIT, ERRING), subject, evidence, world);
    expect(decision.verdict).toBe("hold");
    expect(decision.reasons).toMatchObject([
      { policy: "policy-error", because: expect.stringContaining("erring") },
    ]);
  });

  it("refuses when a refusing policy matched, though another errs", async () => {
    const evidence = [seen("opened", "pass"), seen("member-names", "fail", { escapes: true })];
    const decision = decide(await load(PERMIT, ERRING, REFUSE), subject, evidence, world);
    expect(decision.reasons.map(({ policy }) => policy)).toEqual(["escape", "policy-error"]);
    expect(decision.verdict).toBe("refuse");
  });

  it("holds evidence of a check it does not know, and facts of a wrong type", async () => {
    const policy = await load(PERMIT);
    for (const odd of [seen("new-check", "pass"), seen("member-names", "pass", { count: "3" })]) {
      const decision = decide(policy, subject, [seen("opened", "pass"), odd], world);
      expect(decision.reasons).toMatchObject([{ policy: "unknown-evidence", evidence: [1] }]);
    }
  });

  it("does not let a mild failure hide a grave one", async () => {
    const evidence = [
      seen("member-names", "fail", { escapes: true }, "z"),
      seen("member-names", "fail", { escapes: false }, "a"),
    ];
    expect(decide(await load(REFUSE), subject, evidence, world).verdict).toBe("refuse");
  });

  it("survives lone surrogates and record keys that mean something to the engine", async () => {
    const facts = { name: "\ud800", all: ["\udfff"], __entity: { type: "x", id: "y" } };
    const evidence = [seen("opened", "pass"), seen("member-names", "fail", facts, "\ud800/__extn")];
    const decision = decide(await load(PERMIT, HOLD), subject, evidence, world);
    expect(decision.reasons.map(({ policy }) => policy)).toEqual(["names"]);
  });

  it("stays the same whatever the order of evidence", async () => {
    const policy = await load(PERMIT, HOLD, REFUSE);
    const anyEvidence = fc.record({
      check: fc.constantFrom("opened", "member-names", "other"),
      outcome: fc.constantFrom<Outcome>("pass", "fail", "unknown"),
      escapes: fc.boolean(),
      path: fc.option(fc.string({ maxLength: 3 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(anyEvidence, { maxLength: 8 }), fc.infiniteStream(fc.nat()), (list, order) => {
        const evidence = list.map(({ check, outcome, escapes, path }) =>
          seen(check, outcome, { escapes }, path),
        );
        const shuffled = evidence
          .map((item) => ({ item, at: order.next().value }))
          .sort((a, b) => a.at - b.at)
          .map(({ item }) => item);
        const [a, b] = [evidence, shuffled].map((given) => decide(policy, subject, given, world));
        expect(b?.verdict).toBe(a?.verdict);
        expect(b?.reasons.map(({ policy }) => policy)).toEqual(a?.reasons.map(({ policy }) => policy));
      }),
      { seed: 7, numRuns: 200 },
    );
  });
});

describe("loadPolicies", () => {
  it("gives one hash whatever the order and split of files", async () => {
    const sets = [await load(PERMIT, HOLD), await load(HOLD, PERMIT), await load(`${HOLD}\n${PERMIT}`)];
    expect(new Set(sets.map(({ hash }) => hash)).size).toBe(1);
    expect((await load(PERMIT)).hash).not.toBe(sets[0]?.hash);
  });

  it("names every problem with file and line", async () => {
    await expect(load(PERMIT, `\n${PERMIT.replace("open", "opend")}permit(`)).rejects.toMatchObject({
      code: "usage.policy",
      message: expect.stringContaining("1.cedar:2:"),
    });
  });

  it("switches off default policies only, and suggests the one meant", async () => {
    const sources = [
      { name: "d.cedar", text: HOLD, origin: "default" as const },
      { name: "a.cedar", text: PERMIT, origin: "added" as const },
    ];
    const set = await loadPolicies(sources, { vocabulary, withoutDefaults: ["names"] });
    expect(set.withoutDefaults).toEqual(["names"]);
    expect(set.policies.map(({ id }) => id)).toEqual(["open"]);
    await expect(loadPolicies(sources, { vocabulary, withoutDefaults: ["open"] })).rejects.toThrow(
      /no default/,
    );
    await expect(loadPolicies(sources, { vocabulary, withoutDefaults: ["name"] })).rejects.toThrow(/"names"/);
  });
});
