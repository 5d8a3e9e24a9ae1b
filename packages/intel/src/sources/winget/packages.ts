/** Brings together what stands in several manifests of one version: the installers, and who made it. @module */

import type { WitnessFact } from "../../fact.ts";
import { architectureOf } from "../../witnesses/architecture.ts";
import { downloadUrl } from "../../witnesses/web-address.ts";
import type { Installer, Manifest } from "./manifest.ts";

/** Manifests of one version lie in one folder, so few wait for each other at a time. */
const MAX_WAITING = 256;

interface Waiting {
  readonly packageId: string;
  readonly version: string;
  readonly installers: Installer[];
  product: string | undefined;
  vendor: string | undefined;
}

export class Packages {
  readonly #waiting = new Map<string, Waiting>();

  /** @returns facts of whatever is complete now */
  *add(manifest: Manifest): Iterable<WitnessFact> {
    const key = `${manifest.packageId}\0${manifest.version}`.toLowerCase();
    const known = this.#waiting.get(key) ?? {
      packageId: manifest.packageId,
      version: manifest.version,
      installers: [],
      product: undefined,
      vendor: undefined,
    };
    this.#waiting.set(key, known);
    known.installers.push(...manifest.installers);
    known.product ??= manifest.product;
    known.vendor ??= manifest.vendor;
    if (known.installers.length > 0 && known.vendor !== undefined) yield* this.#take(key);
    const [oldest] = this.#waiting.keys();
    if (oldest !== undefined && this.#waiting.size > MAX_WAITING) yield* this.#take(oldest);
  }

  /** @returns facts of what waited in vain for a name: they count without one */
  *rest(): Iterable<WitnessFact> {
    for (const key of this.#waiting.keys()) yield* this.#take(key);
  }

  *#take(key: string): Iterable<WitnessFact> {
    const known = this.#waiting.get(key);
    this.#waiting.delete(key);
    if (known === undefined) return;
    const seen = new Set<string>();
    for (const installer of known.installers) {
      const fact = toFact(known, installer);
      const { sha256, architecture, url } = fact.witness;
      const same = `${sha256} ${architecture ?? ""} ${url ?? ""}`;
      // One file for several scopes or languages is one file.
      if (!seen.has(same)) yield fact;
      seen.add(same);
    }
  }
}

function toFact({ packageId, version, product, vendor }: Waiting, installer: Installer): WitnessFact {
  const architecture = installer.architecture && architectureOf(installer.architecture);
  const url = installer.url && downloadUrl(installer.url);
  return {
    kind: "witness",
    witness: {
      sha256: installer.sha256,
      packageId,
      ...(product !== undefined && { product }),
      ...(vendor !== undefined && { vendor }),
      version,
      ...(architecture && { architecture }),
      ...(url && { url }),
    },
  };
}
