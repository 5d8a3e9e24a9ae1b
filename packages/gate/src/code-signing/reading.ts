/** Errors while a signature is read are evidence about the signature. @module */

import { ArtifactError, hasCode } from "@sallyport/core";

export type Reading<Value> =
  | { readonly value: Value; readonly problem: undefined }
  | {
      readonly value: undefined;
      readonly problem: { readonly outcome: "fail" | "unknown"; readonly because: string };
    };

/** Broken bytes fail; what is not known here, or too much, is unknown. Our own bugs pass through. */
export function guardReading<Value>(read: () => Value): Reading<Value> {
  try {
    return { value: read(), problem: undefined };
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    const outcome = outcomeOf(error);
    return { value: undefined, problem: { outcome, because: error.message } };
  }
}

export const outcomeOf = (error: ArtifactError): "fail" | "unknown" =>
  hasCode(error, "artifact.over-limit", "artifact.unsupported") ? "unknown" : "fail";
