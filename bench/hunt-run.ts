/**
 * Fills a home with decisions about as many artifacts as are asked for: one is judged, and the others are that one under
 * other hashes. Or reads all of them, and does nothing else.
 *
 *     node bench/hunt-run.ts fill|read HOME COUNT
 * @module
 */

import { hash } from "node:crypto";
import { join } from "node:path";
import { type Decision, silentLog, systemClock } from "@sallyport/core";
import { openLedger } from "../packages/ledger/src/index.ts";

const BATCH = 2000;
const PAGE = 1000;

const [way, home = "", count = ""] = process.argv.slice(2);
const ledger = await openLedger({ folder: join(home, "ledger"), clock: systemClock, log: silentLog });

/** The text of a decision holds its subject's hash in many places. */
const under = (text: string, sha256: string, label: string): Decision =>
  JSON.parse(text.replaceAll("SUBJECT", sha256).replaceAll("LABEL", label));

async function fill(rows: number): Promise<void> {
  const [entry] = ledger.list({ limit: 1 });
  const judged = entry && ledger.decision(entry.decisionDigest);
  if (judged === undefined) throw new Error("nothing was judged in that home");
  const { id, label } = judged.subject;
  const text = JSON.stringify(judged)
    .replaceAll(id.slice("sha256:".length), "SUBJECT")
    .replaceAll(label, "LABEL");
  for (let done = 0; done < rows; done += BATCH)
    await ledger.recordAll(
      Array.from({ length: Math.min(BATCH, rows - done) }, (_, at) =>
        under(text, hash("sha256", `file ${done + at}`), `file-${done + at}.bin`),
      ),
    );
}

/** The floor: every decision out of the log, its pieces checked. */
function read(): void {
  let before: number | undefined;
  for (;;) {
    const page = ledger.list({ limit: PAGE, ...(before !== undefined && { before }) });
    for (const { decisionDigest } of page) ledger.decision(decisionDigest);
    before = page.at(-1)?.index;
    if (before === undefined) return;
  }
}

if (way === "fill") await fill(Number(count));
else read();
ledger.close();
