import { mainFile, type Release } from "../release.ts";
import type { Technique } from "../technique.ts";

function dated(release: Release, modifiedAt: Date): Release {
  const path = mainFile(release, "elf");
  const files = new Map(release.files);
  const file = files.get(path);
  if (file !== undefined) files.set(path, { ...file, modifiedAt });
  return { ...release, files };
}

export const futureDate: Technique = {
  id: "future-date",
  title: "Program dated into the future",
  shape: "ATT&CK T1070.006, Timestomp; 3CX slept until a date it had written (Volexity)",
  kind: "linux",
  least: "medium",
  attack: ({ after }) => dated(after, new Date("2031-05-01T00:00:00Z")),
  twinTitle: "the date of a reproducible build",
  twin: ({ after }) => dated(after, new Date("1985-10-26T08:15:00Z")),
};
