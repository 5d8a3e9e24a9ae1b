import {
  type CheckVocabulary,
  type Decision,
  type DecisionWorld,
  decide,
  type Evidence,
  type JsonObject,
  loadPolicies,
  type Outcome,
  type PolicySource,
  type Verdict,
} from "@sallyport/core";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { checks } from "../checks/registry.ts";
import { defaultPolicies } from "./policy-files.ts";

const vocabulary: CheckVocabulary[] = checks.map(({ id, policyFacts }) => ({ id, facts: policyFacts ?? {} }));
const subject = { kind: "artifact", id: `sha256:${"0".repeat(64)}`, label: "setup.msi" } as const;
const world: DecisionWorld = {
  now: new Date("2026-01-02T03:04:05Z"),
  notChecked: [{ source: "gate/checks/expected-hash", because: "none given" }],
  snapshotIds: ["one"],
  anchorSetHash: "00",
  engineVersion: "0.1.0",
};
const SEVERITY: Record<Verdict, number> = { admit: 0, hold: 1, refuse: 2 };

function seen(check: string, outcome: Outcome, facts: JsonObject = {}, path?: string): Evidence {
  const about = path === undefined ? {} : { path };
  return { source: `gate/checks/${check}`, kind: "content", outcome, because: "seen", facts, ...about };
}
const CONTENT = ["opened", "structure", "member-names", "certificate-table", "integrity", "weak-digest"];
const GOOD = [
  ...CONTENT.map((check) => seen(check, "pass")),
  seen("signature", "pass", { trust: "valid-timestamped", signer: "Example Ltd", revoked: false }),
  seen("accepted-signer", "pass", { signer: "Example Ltd", product: "" }),
];
const exceptionFor = (...overrides: string[]) =>
  seen("exception", "pass", { owner: "alex", reason: "known build", until: "2027-01-01", overrides });
const unsigned = [
  ...CONTENT.slice(0, 3).map((check) => seen(check, "pass")),
  seen("signature", "fail", { trust: "none", signer: "", revoked: false }),
];

let sources: PolicySource[];
let policy: Awaited<ReturnType<typeof loadPolicies>>;
beforeAll(async () => {
  sources = await defaultPolicies();
  policy = await loadPolicies(sources, { vocabulary, withoutDefaults: [] });
});
const judge = (evidence: readonly Evidence[], by = policy): Decision => decide(by, subject, evidence, world);
const named = ({ reasons }: Decision) => reasons.map((reason) => reason.policy);
const replaced = (check: string, ...by: Evidence[]) => [
  ...GOOD.filter(({ source }) => !source.endsWith(`/${check}`)),
  ...by,
];

const LET_IN: ReadonlySet<string> = new Set(["weak-digest", "knowledge-age"]);
const anyEvidence: fc.Arbitrary<Evidence> = fc
  .record({
    check: fc.constantFrom(...checks.map(({ id }) => id), "unheard-of"),
    outcome: fc.constantFrom<Outcome>("pass", "pass", "fail", "unknown"),
    path: fc.constantFrom(undefined, undefined, "a.dll", "b/c.dll"),
    facts: fc.record({
      trust: fc.constantFrom("none", "valid-now", "valid-legacy-timestamped", "revoked", "unknown-root"),
      revoked: fc.boolean(),
      escapes: fc.boolean(),
      changed: fc.boolean(),
      productIsOver: fc.boolean(),
      partIsOver: fc.boolean(),
      critical: fc.boolean(),
      overrides: fc.subarray(["hidden-data", "structure-lies", "revoked-signer", "escaping-name"]),
    }),
  })
  // Whether a digest is weak is always known: a member's weak one is let in on purpose, an unknown one would not be. So is
  // knowledge that is old, and what of it cannot be told is not.
  .map(({ check, outcome, path, facts }) =>
    seen(check, LET_IN.has(check) && outcome === "unknown" ? "fail" : outcome, facts, path),
  );
/** Doing much is no failure, and being no ordinary update is none: these are shown, or unknown. */
const mayFail = ({ source }: Evidence): boolean => !/\/(behaviours|unsigned-update)$/.test(source);
/** Often near to being admitted: that is where a mistake would show. */
const anyCase = fc
  .tuple(
    fc.constantFrom<Evidence[]>([], GOOD, unsigned, [...unsigned, exceptionFor()]),
    fc.array(anyEvidence, { maxLength: 6 }),
  )
  .map(([base, more]) => [...base, ...more]);

describe("the default policies", () => {
  it("admit an artifact of an accepted signer with nothing wrong", () => {
    expect(judge(GOOD)).toMatchObject({ verdict: "admit", reasons: [{ policy: "accepted-signer" }] });
    expect(judge(replaced("weak-digest", seen("weak-digest", "fail", {}, "old.dll"))).verdict).toBe("admit");
    // A library inside that is over is shown, and holds nothing.
    const shown = seen("retired", "pass", { productIsOver: false, partIsOver: false });
    expect(judge([...GOOD, shown]).verdict).toBe("admit");
  });

  it.each<[string, Verdict, Evidence]>([
    ["hidden-data", "refuse", seen("certificate-table", "fail", {}, "a.dll")],
    ["digest-mismatch", "refuse", seen("integrity", "fail", {}, "a.dll")],
    ["structure-lies", "refuse", seen("structure", "fail")],
    ["escaping-name", "refuse", seen("member-names", "fail", { escapes: true }, "z")],
    ["wrong-expected-hash", "refuse", seen("expected-hash", "fail")],
    ["wrong-published-hash", "refuse", seen("published-hash", "fail")],
    ["revoked-signer", "refuse", seen("revocation", "fail")],
    ["twin-changed", "refuse", seen("twin", "fail", { rule: "signed-content", changed: true }, "a.dll")],
    ["twin-conflict", "hold", seen("twin", "fail", { rule: "link-id", changed: false }, "a.dll")],
    ["antivirus-found", "refuse", seen("antivirus", "fail", { signature: "Example.Test" }, "a.dll")],
    ["known-indicator", "refuse", seen("indicator", "fail", { strong: true }, "a.dll")],
    ["listed-indicators", "hold", seen("indicator", "fail", { strong: false }, "hosts.txt")],
    ["retired-product", "refuse", seen("retired", "fail", { productIsOver: true, partIsOver: false })],
    ["malicious-package", "refuse", seen("vulnerable", "fail", { malicious: true }, "node_modules/a")],
    ["exploited-product", "refuse", seen("vulnerable", "fail", { productIsExploited: true })],
    ["exploited-vulnerability", "hold", seen("vulnerable", "fail", { needsReview: true }, "lib/a.jar")],
    ["past-support", "hold", seen("retired", "fail", { productIsOver: false, partIsOver: true }, "a.dll")],
    ["critical-difference", "refuse", seen("difference", "fail", { critical: true }, "a.dll")],
    ["grave-difference", "hold", seen("difference", "fail", { critical: false }, "a.dll")],
    ["matched-rule", "hold", seen("rules", "fail", { rule: "Example", pack: "a.yar" }, "a.dll")],
    ["unsigned", "hold", seen("signature", "fail", { trust: "none" })],
    ["first-seen-signer", "hold", seen("accepted-signer", "fail")],
    ["untrusted-signature", "hold", seen("signature", "fail", { trust: "unknown-root" })],
    ["unknown-key", "hold", seen("signature", "unknown", { trust: "unknown-key" })],
    ["legacy-timestamp", "hold", seen("signature", "fail", { trust: "valid-legacy-timestamped" })],
    ["weak-signature", "hold", seen("weak-digest", "fail")],
    ["unopened", "hold", seen("opened", "unknown", {}, "a.dll")],
    ["unsafe-name", "hold", seen("member-names", "fail", { escapes: false }, "z")],
    ["witness-conflict", "hold", seen("witness", "fail", { standing: "disagrees", independent: 0 })],
    ["suspicious-origin", "hold", seen("origin", "fail", { rule: "undeclared", lookAlike: false })],
    ["cooling-off", "hold", seen("cooling-off", "fail", { ageDays: 0, requiredDays: 28 })],
    ["unknown-outcome", "hold", seen("published-hash", "unknown")],
  ])("give %s its verdict, and name the evidence", (id, verdict, evidence) => {
    const decision = judge([...GOOD.filter(({ source }) => source !== evidence.source), evidence]);
    expect(decision.verdict).toBe(verdict);
    const reason = decision.reasons.find((given) => given.policy === id);
    expect(reason?.evidence).toContain(decision.evidence.indexOf(evidence));
  });

  it("admit an unsigned update only when its hash is published and nothing is worth a look", () => {
    const update = [
      ...unsigned,
      seen("unsigned-update", "pass"),
      seen("published-hash", "pass"),
      seen("difference", "pass", { risk: "info", critical: false }),
    ];
    expect(judge(update)).toMatchObject({ verdict: "admit", reasons: [{ policy: "unsigned-update" }] });
    const without = (check: string) => update.filter(({ source }) => !source.endsWith(`/${check}`));
    for (const check of [
      "unsigned-update",
      "published-hash",
      "difference",
      "opened",
      "structure",
      "member-names",
    ])
      expect(judge(without(check)).verdict, check).toBe("hold");
    const worthALook = seen("difference", "pass", { risk: "low", critical: false });
    expect(judge([...without("difference"), worthALook]).verdict).toBe("hold");
    expect(judge([...update, seen("origin", "fail", { rule: "undeclared" })]).verdict).toBe("hold");
  });

  it("let a fix in before its time by two people, and not by one", () => {
    const young = [...GOOD, seen("cooling-off", "fail", { ageDays: 0, requiredDays: 28 })];
    const by = (approvers: number) =>
      seen("exception", "pass", {
        owner: "alex",
        reason: "fix",
        until: "2027-01-01",
        overrides: [],
        approvers,
      });
    expect(judge([...young, by(1)])).toMatchObject({ verdict: "hold", reasons: [{ policy: "cooling-off" }] });
    expect(judge([...young, by(2)]).verdict).toBe("admit");
    expect(judge([...young, exceptionFor()]).verdict).toBe("hold");
  });

  it("hold whatever check is unknown", () => {
    for (const { id } of checks) {
      expect(judge([...GOOD, seen(id, "unknown")]).verdict, id).toBe("hold");
      expect(judge([...GOOD, seen(id, "unknown"), seen(id, "fail", {}, "a")]).verdict, id).not.toBe("admit");
    }
  });

  it("never give a better verdict for more failing evidence", () => {
    fc.assert(
      fc.property(anyCase, anyEvidence, (evidence, more) => {
        const before = judge(evidence).verdict;
        const after = judge([...evidence, { ...more, outcome: "fail" }]).verdict;
        expect(SEVERITY[after]).toBeGreaterThanOrEqual(SEVERITY[before]);
      }),
      { seed: 11, numRuns: 1500 },
    );
  });

  it("never give a better verdict when a pass or unknown turns into a fail", () => {
    fc.assert(
      fc.property(anyCase, fc.nat(), (evidence, at) => {
        const index = evidence.length === 0 ? 0 : at % evidence.length;
        const worse = evidence.map((item, i) =>
          i === index && mayFail(item) ? { ...item, outcome: "fail" as const } : item,
        );
        expect(SEVERITY[judge(worse).verdict]).toBeGreaterThanOrEqual(SEVERITY[judge(evidence).verdict]);
      }),
      { seed: 12, numRuns: 1500 },
    );
  });

  it("decide the same whatever the order of evidence and of policies", async () => {
    const reversed = await loadPolicies([...sources].reverse(), { vocabulary, withoutDefaults: [] });
    expect(reversed.hash).toBe(policy.hash);
    fc.assert(
      fc.property(anyCase, fc.infiniteStream(fc.nat()), (evidence, order) => {
        const shuffled = evidence
          .map((item) => ({ item, at: order.next().value }))
          .sort((a, b) => a.at - b.at)
          .map(({ item }) => item);
        const [one, other] = [judge(evidence), judge(shuffled, reversed)];
        expect(other.verdict).toBe(one.verdict);
        expect(named(other)).toEqual(named(one));
      }),
      { seed: 13, numRuns: 500 },
    );
  });

  it("replay a decision from its stored evidence", () => {
    fc.assert(
      fc.property(anyCase, (evidence) => {
        const decision = judge(evidence);
        const stored: Decision = JSON.parse(JSON.stringify(decision));
        const again = decide(policy, stored.subject, stored.evidence, {
          ...stored.replay,
          now: new Date(stored.replay.now),
          notChecked: stored.notChecked,
        });
        expect(JSON.stringify(again)).toBe(JSON.stringify(decision));
      }),
      { seed: 14, numRuns: 300 },
    );
  });

  it("let a matched refusal beat everything, and hold when an added policy errs", async () => {
    // Overflows as soon as a digest is weak anywhere.
    const erring = `@id("erring") @verdict("hold") @because("counts") forbid (principal, action, resource)
      when { context.checks["weak-digest"].failCount + 9223372036854775807 < 0 };`;
    const added = await loadPolicies([...sources, { name: "mine.cedar", text: erring, origin: "added" }], {
      vocabulary,
      withoutDefaults: [],
    });
    expect(judge(GOOD, added).verdict).toBe("admit");
    const failing = [...GOOD, seen("weak-digest", "fail", {}, "old.dll")];
    expect(judge(failing).verdict).toBe("admit");
    expect(judge(failing, added)).toMatchObject({ verdict: "hold", reasons: [{ policy: "policy-error" }] });
    fc.assert(
      fc.property(anyCase, (evidence) => {
        const refused = [
          ...evidence,
          seen("expected-hash", "fail"),
          seen("weak-digest", "fail", {}, "old.dll"),
        ];
        const overridden = judge(refused, added);
        expect(overridden.verdict).toBe("refuse");
        expect(overridden.reasons[0]?.verdict).toBe("refuse");
      }),
      { seed: 15, numRuns: 300 },
    );
  });

  it("show a default that was switched off, and still hold what no permit admits", async () => {
    const less = await loadPolicies(sources, { vocabulary, withoutDefaults: ["hidden-data", "unsigned"] });
    expect(less.hash).not.toBe(policy.hash);
    const decision = judge(replaced("certificate-table", seen("certificate-table", "fail")), less);
    expect(decision.replay.withoutDefaults).toEqual(["hidden-data", "unsigned"]);
    expect(decision).toMatchObject({ verdict: "hold", reasons: [{ policy: "no-permit" }] });
    expect(judge(unsigned, less)).toMatchObject({ verdict: "hold" });
  });

  it("let an exception lift every hold, and only the refusals it names", () => {
    expect(judge([...unsigned, exceptionFor()])).toMatchObject({
      verdict: "admit",
      reasons: [{ policy: "exception" }],
    });
    const bad = [seen("structure", "fail"), seen("certificate-table", "fail")];
    const refused = [...unsigned, ...bad];
    expect(named(judge([...refused, exceptionFor()]))).toEqual(["hidden-data", "structure-lies"]);
    expect(named(judge([...refused, exceptionFor("hidden-data")]))).toEqual(["structure-lies"]);
    expect(judge([...refused, exceptionFor("hidden-data", "structure-lies")]).verdict).toBe("admit");
  });

  it("give an exception no weight when its own evidence does not pass", () => {
    for (const outcome of ["fail", "unknown"] as const) {
      const broken = { ...exceptionFor("structure-lies"), outcome };
      expect(judge([...unsigned, seen("structure", "fail"), broken]).verdict).toBe("refuse");
      expect(judge([...unsigned, broken]).verdict).toBe("hold");
    }
  });
});
