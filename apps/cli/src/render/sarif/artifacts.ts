/** The files of a log. Source: OASIS SARIF 2.1.0, §3.24. @module */

import type { JsonObject } from "@sallyport/core";

/** Each file once; a member points to the file around it (§3.24.3). */
export class Artifacts {
  readonly list: JsonObject[] = [];
  readonly #indexes = new Map<string, number>();

  add(
    path: string,
    known: { readonly sha256: string; readonly length: number } | undefined,
    parentIndex?: number,
  ): number {
    const key = `${parentIndex ?? ""} ${path} ${parentIndex === undefined ? known?.sha256 : ""}`;
    const index = this.#indexes.get(key) ?? this.list.length;
    if (index < this.list.length) return index;
    this.#indexes.set(key, index);
    this.list.push({
      location: { uri: path.split("/").map(encodeURIComponent).join("/") },
      ...(parentIndex === undefined ? { roles: ["analysisTarget"] } : { parentIndex }),
      ...(known !== undefined && { length: known.length, hashes: { "sha-256": known.sha256 } }),
    });
    return index;
  }
}
