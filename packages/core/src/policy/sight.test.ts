import { expect, it } from "vitest";
import type { Evidence, Outcome } from "../evidence.ts";
import type { JsonObject } from "../json.ts";
import { loadPolicies } from "./policy-set.ts";
import { sightOf } from "./sight.ts";

const vocabulary = [{ id: "waiting", facts: { ageDays: "Long", grave: "Bool" } }] as const;
const subject = { kind: "artifact", id: "sha256:00", label: "demo.msi" } as const;
const other = { ...subject, id: "sha256:01" } as const;
const load = (condition: string, resource = "resource") =>
  loadPolicies(
    [
      {
        name: "one.cedar",
        text: `@id("one") @verdict("hold") @because("why") forbid(principal, action, ${resource}) when { ${condition} };`,
        origin: "added",
      },
    ],
    { vocabulary, withoutDefaults: [] },
  );
const seen = (outcome: Outcome, facts: JsonObject): Evidence[] => [
  { source: "gate/checks/waiting", kind: "world", outcome, because: "seen", facts },
];

it("is the same where only what no policy reads differs", async () => {
  const policy = await load('context.checks["waiting"].facts.grave');
  const [young, old] = [1, 400].map((ageDays) =>
    sightOf(policy, subject, seen("pass", { ageDays, grave: false })),
  );
  expect(young).toBe(old);
  expect(sightOf(policy, other, seen("pass", { ageDays: 1, grave: false }))).toBe(young);
});

it("differs by an outcome, by a fact that is read, and by what cannot be read", async () => {
  const policy = await load('context.checks["waiting"].facts.ageDays > 3');
  const sights = [
    seen("pass", { ageDays: 1 }),
    seen("pass", { ageDays: 2 }),
    seen("fail", { ageDays: 1 }),
    [
      ...seen("pass", { ageDays: 1 }),
      { ...seen("pass", {})[0], source: "gate/checks/unheard-of" } as Evidence,
    ],
    [],
  ].map((evidence) => sightOf(policy, subject, evidence));
  expect(new Set(sights).size).toBe(sights.length);
});

it("differs by the subject where a policy is about one", async () => {
  for (const policy of [
    await load("true", 'resource == Subject::"sha256:00"'),
    await load('resource == Subject::"sha256:00"'),
  ])
    expect(sightOf(policy, subject, [])).not.toBe(sightOf(policy, other, []));
});
