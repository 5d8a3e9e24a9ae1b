/** A decision that is right in form, about a subject made from a name. */

import { hash } from "node:crypto";
import type { Decision } from "@sallyport/core";

export const decisionAbout = (name: string): Decision => ({
  subject: { kind: "artifact", id: `sha256:${hash("sha256", name)}`, label: `${name}.msi` },
  verdict: "hold",
  reasons: [{ policy: "unsigned", verdict: "hold", because: "carries no signature", evidence: [0] }],
  evidence: [
    {
      source: "gate/checks/signature",
      kind: "content",
      outcome: "fail",
      because: "carries no signature",
      facts: {},
    },
  ],
  notChecked: [],
  replay: {
    now: "2026-01-01T00:00:00.000Z",
    policyHash: hash("sha256", "policy"),
    withoutDefaults: [],
    snapshotIds: [],
    anchorSetHash: hash("sha256", "anchors"),
    engineVersion: "0.1.0",
  },
});
