import { describe, expect, it } from "vitest";
import { contextWith, lookWith, rootWith } from "../check.fixture.ts";
import { exception } from "./index.ts";

const examine = (until?: string) =>
  lookWith(exception, {
    artifact: rootWith({}),
    context: contextWith({
      exception:
        until === undefined
          ? undefined
          : { owner: "alex", reason: "known build", until, overrides: ["hidden-data"] },
    }),
  });

describe("exception", () => {
  it("passes until its end, with what it overrides", async () => {
    expect(await examine("2026-01-02T03:04:06Z")).toMatchObject({
      outcome: "pass",
      facts: { owner: "alex", overrides: ["hidden-data"] },
    });
  });

  it("is worth nothing from its end on, nor when the end cannot be read", async () => {
    for (const until of ["2026-01-02T03:04:05Z", "2020-01-01T00:00:00Z", "soon", undefined])
      expect(await examine(until)).toHaveProperty("notChecked");
  });
});
