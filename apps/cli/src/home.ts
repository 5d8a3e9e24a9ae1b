/** The folder where this machine's log, keys, acceptances and scratch files live. @module */

import { join } from "node:path";
import { type Clock, type Log, silentLog, systemClock } from "@sallyport/core";
import type { GateStore } from "@sallyport/gate";
import type { LocalLedger } from "@sallyport/ledger";

export interface Home {
  readonly scratchRoot: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly store: GateStore;
  readonly ledger: LocalLedger;
  close(): Promise<void>;
}

/**
 * Opens it, or makes it with everything inside.
 * @throws WorldError `world.home`, `world.store` or `world.ledger`, naming the path and what to do
 */
export async function openHome(folder: string): Promise<Home> {
  const [{ openLedger }, { openDatabase }, { gateMigrations, openGateStore }] = await Promise.all([
    import("@sallyport/ledger"),
    import("@sallyport/store"),
    import("@sallyport/gate"),
  ]);
  const database = await openDatabase({ file: join(folder, "sallyport.db"), migrations: [gateMigrations] });
  const ledger = await openLedger({
    folder: join(folder, "ledger"),
    clock: systemClock,
    log: silentLog,
  }).catch(async (error) => {
    await database.close();
    throw error;
  });
  return {
    scratchRoot: join(folder, "scratch"),
    clock: systemClock,
    log: silentLog,
    store: openGateStore(database),
    ledger,
    close: async () => {
      ledger.close();
      await database.close();
    },
  };
}
