/** Bad input, or a bad world. A bad subject is evidence, a bug of ours an assertion. @module */

import type { JsonObject } from "./json.ts";

/**
 * An error that a person can act on.
 * `code` is stable and is what callers branch on; `message` is safe to show; `facts` are for the log only.
 */
export class SallyportError<Code extends string = string> extends Error {
  readonly code: Code;
  readonly facts: JsonObject;

  constructor(code: Code, message: string, options: { facts?: JsonObject; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.facts = options.facts ?? {};
  }
}

/** The caller asked for something that cannot be: a wrong flag, a missing file, a broken policy. Exit code 2. */
export class UsageError extends SallyportError<
  | "usage.flag"
  | "usage.file"
  | "usage.policy"
  | "usage.key"
  | "usage.receipt"
  | "usage.rules"
  | "usage.trust"
  | "usage.value"
> {}

/** The world did not play along: disk full, home not writable, a process that cannot start. Exit code 1. */
export class WorldError extends SallyportError<
  "world.io" | "world.home" | "world.process" | "world.store" | "world.ledger" | "world.changed"
> {}

/** The bytes are not what their format promises. A bad signature is not this: it is evidence. */
export class ArtifactError extends SallyportError<
  | "artifact.truncated"
  | "artifact.malformed"
  | "artifact.unsupported"
  | "artifact.encrypted"
  | "artifact.over-limit"
> {}

/** True for an error of this family with one of the given codes. */
export function hasCode<Code extends string>(
  error: unknown,
  ...codes: Code[]
): error is SallyportError<Code> {
  return error instanceof SallyportError && codes.some((code) => code === error.code);
}
