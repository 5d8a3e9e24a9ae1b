/** Fixed message, then fields. Never bytes, keys or tokens; what an auditor needs goes to the ledger. @module */

import type { JsonObject } from "./json.ts";

export interface Log {
  info(message: string, fields?: JsonObject): void;
  warn(message: string, fields?: JsonObject): void;
  error(message: string, fields?: JsonObject): void;
}

export const silentLog: Log = { info() {}, warn() {}, error() {} };
