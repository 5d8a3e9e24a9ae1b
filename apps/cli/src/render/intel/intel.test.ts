import { sources } from "@sallyport/intel";
import { expect, it } from "vitest";
import { renderStatus } from "./status.ts";
import { renderSynced } from "./synced.ts";

const screen = { columns: 60, program: "sallyport", paint: (_style: unknown, text: string) => text };
const now = new Date("2026-11-25T00:00:00Z");

it("breaks no command that is there to be copied", () => {
  const statuses = sources.map((source) => ({ source, snapshots: [], tries: { chosen: [], parts: {} } }));
  const lines = renderStatus(statuses, now, screen).split("\n");
  for (const { id, choice } of sources.filter(({ choice }) => choice !== undefined))
    expect(lines.some((line) => line.includes(`sallyport intel sync ${id}=${choice?.example} (`))).toBe(true);
});

it("tells the size of what came after the date, where the line breaks too", () => {
  const [source] = sources;
  if (source === undefined) throw new Error("there is a source");
  const snapshot = {
    ...{ id: "x@2026-11-20+0", source: source.id, title: source.title, licence: "MIT", isStale: false },
    ...{ asOf: "2026-11-20T00:00:00.000Z", fetchedAt: "2026-11-25T00:00:00.000Z", rows: 5, skipped: 0 },
    ...{ checkedAt: "2026-11-25T00:00:00.000Z", authority: "public" as const, files: [], sha256: "" },
    ...{ answers: source.answers, staleAfterDays: 14, hasOwnDate: true, kinds: [] },
    part: "a part with a long name that fills the line up",
  };
  const synced = { source, part: snapshot.part, outcome: "loaded", sizeBytes: 2048, snapshot } as const;
  const text = renderSynced({ ...synced, skipped: [], told: [] }, screen);
  expect(text.replaceAll("\n", " ")).toMatch(/: 5 facts, of 2026-11-20 \(2\.0 KB\) $/);
});
