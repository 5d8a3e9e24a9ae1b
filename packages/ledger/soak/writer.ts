/** Records decisions until it is killed, and says which index it got only after it got the receipt. */

import { writeSync } from "node:fs";
import { silentLog, systemClock } from "@sallyport/core";
import { openLedger } from "../src/index.ts";
import { decisionAbout } from "./decision.ts";

const [folder = "", name = ""] = process.argv.slice(2);
const ledger = await openLedger({ folder, clock: systemClock, log: silentLog });
for (let count = 0; ; count += 1) {
  const receipt = await ledger.record(decisionAbout(`${name}-${count}`));
  writeSync(1, `${JSON.stringify({ index: receipt.log.index, salt: receipt.log.salt })}\n`);
}
