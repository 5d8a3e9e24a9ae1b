/** The folder where this machine's log, keys, acceptances and scratch files live. @module */

import { existsSync, mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Clock, type Intel, type Log, silentLog, systemClock, WorldError } from "@sallyport/core";
import type { GateStore } from "@sallyport/gate";
import type { IntelBase } from "@sallyport/intel";
import type { LocalLedger } from "@sallyport/ledger";
import { version } from "./version.ts";

export interface Home {
  readonly scratchRoot: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly store: GateStore;
  readonly ledger: LocalLedger;
  /** What the world knows; opened when it is first asked for. @throws WorldError `world.store` */
  intel(): Promise<IntelBase>;
  /** Its answers, as they stood when this run first asked. @throws WorldError `world.store` */
  answers(): Promise<Intel>;
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
  makeHome(folder);
  const database = await openDatabase({ file: join(folder, "sallyport.db"), migrations: [gateMigrations] });
  const ledger = await openLedger({
    folder: join(folder, "ledger"),
    clock: systemClock,
    log: silentLog,
  }).catch(async (error) => {
    await database.close();
    throw error;
  });
  let intel: Promise<IntelBase> | undefined;
  let answers: Promise<Intel> | undefined;
  const openBase = () => {
    // Only what answers: a check fetches nothing.
    intel ??= import("@sallyport/intel/base").then(({ openIntel }) =>
      openIntel({ file: join(folder, "intel.db"), clock: systemClock, edition: version }),
    );
    return intel;
  };
  return {
    scratchRoot: join(folder, "scratch"),
    clock: systemClock,
    log: silentLog,
    store: openGateStore(database),
    ledger,
    intel: openBase,
    answers: () => {
      answers ??= openBase().then((base) => base.answers());
      return answers;
    },
    close: async () => {
      ledger.close();
      (await intel?.catch(() => undefined))?.close();
      await database.close();
    },
  };
}

/**
 * Makes it level by level: Node's own recursive way never ends where a parent exists and still no folder can be
 * made in it, as in /proc.
 * @throws WorldError `world.home`
 */
export function makeHome(folder: string): void {
  const missing: string[] = [];
  for (let at = resolve(folder); !existsSync(at) && at !== dirname(at); at = dirname(at)) missing.unshift(at);
  try {
    for (const level of missing) if (!existsSync(level)) mkdirSync(level, { mode: 0o700 });
  } catch (cause) {
    if (existsSync(folder)) return;
    const message = `${folder}: the home cannot be made; make its folder writable, or name another in SALLYPORT_HOME`;
    throw new WorldError("world.home", message, { cause });
  }
}
