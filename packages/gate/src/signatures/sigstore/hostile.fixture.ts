/** What the hostile tests share: a file, ways to change one place of a document, and the verification. */

import type { Json, JsonObject } from "@sallyport/core";
import { sourceOf, verifyContext } from "@sallyport/testkit";
import type { BroughtFile } from "../../brought.ts";
import { defaultTrust } from "../../trust/default-trust.ts";
import { sigstore } from "./index.ts";
import { trustedRoot } from "./signing-service.fixture.ts";

export const FILE = Buffer.from("a harmless line of text\n".repeat(50));
export const OTHER = Buffer.from("another line of text\n");
const asText = (document: unknown): string =>
  typeof document === "string" ? document : JSON.stringify(document);
export const file = (document: unknown): BroughtFile => ({
  name: "bundle",
  source: sourceOf(Buffer.from(asText(document))),
});

export async function verify(document: unknown, root: unknown = trustedRoot(), bytes = FILE) {
  const context = verifyContext(
    { format: "data", trust: defaultTrust(), now: new Date("2026-06-01T00:00:00Z") },
    { signatures: [file(document)], trustedRoot: file(root) },
  );
  return sigstore.verify(sourceOf(bytes), context);
}

/** A deep copy with one place changed. */
export function change(
  document: Json,
  path: readonly (string | number)[],
  to: (old: Json) => Json | undefined,
): JsonObject {
  const copy = structuredClone(document) as JsonObject;
  let at: Record<string | number, Json> = copy as Record<string, Json>;
  for (const step of path.slice(0, -1)) at = at[step] as Record<string, Json>;
  const last = path.at(-1) ?? "";
  const value = to(at[last] ?? null);
  if (value === undefined) delete at[last];
  else at[last] = value;
  return copy;
}

export const entry = (...path: (string | number)[]) => ["verificationMaterial", "tlogEntries", 0, ...path];
export const flipBase64 = (text: Json): string => {
  const bytes = Buffer.from(String(text), "base64");
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  return bytes.toString("base64");
};

export const entryOf = (bundle: JsonObject): Json =>
  ((bundle.verificationMaterial as JsonObject).tlogEntries as Json[])[0] ?? null;
