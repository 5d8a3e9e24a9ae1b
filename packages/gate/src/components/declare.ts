/** Makes components of what a description says: what it leaves empty is left out. @module */

import type { Component, Identifier } from "@sallyport/core";

export interface Declaration {
  readonly foundBy: string;
  readonly product: string;
  readonly version: string | undefined;
  readonly vendor?: string | undefined;
  readonly licence?: string | undefined;
  readonly type?: Component["type"];
  readonly confidence?: Component["confidence"];
  readonly identifiers: readonly Identifier[];
  readonly dependsOn?: readonly string[];
}

export function declare(declaration: Declaration): Component {
  const { foundBy, product, version, vendor, licence, identifiers, dependsOn = [] } = declaration;
  return {
    product,
    ...(vendor?.trim() && { vendor: vendor.trim() }),
    ...(version && { version }),
    type: declaration.type ?? "library",
    foundBy,
    confidence: declaration.confidence ?? "declared",
    ...(licence?.trim() && { licence: licence.trim() }),
    identifiers,
    ...(dependsOn.length > 0 && { dependsOn }),
  };
}
