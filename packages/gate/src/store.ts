/** What this machine remembers: what people decided before, and what was met inside of what was judged. @module */

import type { Database } from "@sallyport/store";
import { type ExceptionStore, exceptionStore } from "./store/exceptions.ts";
import { type SightingStore, sightingStore } from "./store/sightings.ts";
import { type SignerStore, signerStore } from "./store/signers.ts";
import { type TwinStore, twinStore } from "./store/twins.ts";

export type { ExceptionGrant, StoredException } from "./store/exceptions.ts";
export { gateMigrations } from "./store/migrations.ts";
export type { SignerAcceptance, StoredAcceptance } from "./store/signers.ts";
export type { Forgetting, TwinStore } from "./store/twins.ts";

export interface GateStore extends SignerStore, ExceptionStore, SightingStore {
  /** Members of what was judged. */
  readonly twins: TwinStore;
}

/** @param database - opened with {@link gateMigrations} */
export function openGateStore(database: Database): GateStore {
  return {
    ...signerStore(database),
    ...exceptionStore(database),
    ...sightingStore(database),
    twins: twinStore(database),
  };
}
