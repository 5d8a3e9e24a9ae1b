import type { Decision } from "@sallyport/core";
import type { Hunted } from "@sallyport/gate";
import { expect, it } from "vitest";
import { Tally } from "./hunt-tally.ts";
import { huntDocument, renderHunt } from "./render/hunt.ts";
import { painter } from "./render/text.ts";
import type { Screen } from "./render/verdict.ts";

const decision: Decision = {
  subject: { kind: "artifact", id: `sha256:${"0".repeat(64)}`, label: "setup.exe" },
  verdict: "refuse",
  reasons: [],
  evidence: [],
  notChecked: [],
  replay: {
    now: "2026-01-02T03:04:05Z",
    policyHash: "",
    withoutDefaults: [],
    snapshotIds: [],
    anchorSetHash: "",
    engineVersion: "",
  },
};
const hunted: Hunted = {
  past: {
    digest: "ab",
    recordedAt: new Date("2026-01-02T03:04:05Z"),
    decision: { ...decision, verdict: "admit" },
  },
  decision,
  change: "worse",
  byPolicy: false,
  missingPolicies: [],
  news: [],
  unanswered: [{ check: "indicator", because: "there is something new" }],
};

it("counts everything, and keeps no more than somebody reads", () => {
  const tally = new Tally();
  for (let entry = 0; entry < 2500; entry += 1) tally.add(hunted, { entry, byPolicy: false });
  expect(tally).toMatchObject({ decisions: 2500, worst: "refuse", unansweredCount: 2500 });
  expect(tally.worse.told).toHaveLength(1000);
  expect(huntDocument(tally)).toMatchObject({
    counts: { recorded: 2500 },
    needsReexamination: { decisions: 2500, reasons: [{ decisions: 2500, subjects: { length: 1000 } }] },
  });
  const screen: Screen = { columns: 80, paint: painter(false), program: "sallyport" };
  const text = renderHunt(tally, screen);
  expect(text).toContain("and 2480 more");
  expect(text).toContain("and 2497 more");
});
