/** What a sync brought, part by part. @module */

import type { Synced } from "@sallyport/intel";
import { bytesText, counted, hang, printable, shortened } from "../text.ts";
import type { Screen } from "../verdict.ts";
import { loadedDocument, renderLoaded } from "./loaded.ts";

export function syncedDocument(synced: Synced) {
  const { source, part, outcome } = synced;
  const name = { source: source.id, part, outcome } as const;
  if (synced.outcome === "failed") return { ...name, problem: synced.problem } as const;
  if (synced.outcome === "unchanged") return { ...name, snapshot: synced.snapshot.id } as const;
  return { ...name, sizeBytes: synced.sizeBytes, ...loadedDocument(synced) } as const;
}

export function renderSynced(synced: Synced, screen: Screen): string {
  if (synced.outcome === "loaded") return renderLoaded(synced, screen, bytesText(synced.sizeBytes));
  const { source, part } = synced;
  const name = part === "" ? source.id : `${source.id}, ${shortened(printable(part), 80)}`;
  const text =
    synced.outcome === "unchanged"
      ? `nothing new; ${counted(synced.snapshot.rows, "fact")} of ${synced.snapshot.asOf.slice(0, 10)}`
      : `${screen.paint("red", "failed")}, and nothing changed: ${shortened(printable(synced.problem), 400)}`;
  return `${hang("", `${name}: ${text}`, screen.columns).join("\n")}\n`;
}
