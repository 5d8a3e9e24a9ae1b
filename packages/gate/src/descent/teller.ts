/** Says what a descent sees: evidence through the recorder, members to the listener, failures as findings. @module */

import type { Observable } from "@sallyport/core";
import type { Identity } from "../artifact.ts";
import type { Parts } from "../components/finder.ts";
import type { Finding } from "../finding.ts";
import type { SignatureReport } from "../signatures/scheme.ts";
import { DescentStopped, isBeyondMember, spendsSharedLimit, toFinding } from "./failure.ts";
import type { Look } from "./look.ts";
import { joinPath, type Place } from "./place.ts";
import { Recorder } from "./recorder.ts";
import type { DescentListener } from "./request.ts";

/** What is known of a member once it was read. */
export interface SeenBytes {
  readonly look?: Pick<Look, "format" | "identifiers">;
  readonly sizeBytes: number;
  readonly signatures?: readonly SignatureReport[];
  readonly identity?: Identity | undefined;
}

/** Of one artifact. Nothing ordinary comes near it, and a hostile file could fill the memory. */
const MAX_COMPONENTS = 200_000;
/** Of what was searched for: a file that is full of it is known by fewer. */
const MAX_SIGHTINGS = 50_000;
/** In one message. */
const PIECE_COMPONENTS = 1_000;

export class Teller {
  readonly #listener: DescentListener;
  readonly #recorder: Recorder;
  readonly #escaping = new Set<string>();
  #componentCount = 0;
  #sightingCount = 0;

  constructor(listener: DescentListener) {
    this.#listener = listener;
    this.#recorder = new Recorder((evidence) => listener.evidence(evidence));
  }

  record(finding: Finding, path: string): void {
    this.#recorder.record(finding, path);
  }

  noteSigned(): void {
    this.#recorder.noteSigned();
  }

  finish(): void {
    this.#recorder.finish();
  }

  /** A name that leaves its folder, unless its format has said so already. */
  escapes(path: string, because: string): void {
    if (this.#escaping.has(path)) return;
    this.record({ check: "member-names", outcome: "fail", because, facts: { escapes: true } }, path);
  }

  /** What a format, scheme or manifest saw in the member that is looked at, or in one inside it. */
  report(look: Look, finding: Finding): void {
    const { member } = finding;
    const path = member === undefined ? look.place.path : joinPath(look.place.path, member);
    if (member !== undefined && finding.facts.escapes === true) this.#escaping.add(path);
    if (member === undefined) look.findings.push(finding);
    else look.repeatable = false;
    this.#recorder.record(finding, path);
  }

  /** Says why a member was not read to its end, and goes on unless nothing more may be spent. */
  fail(error: unknown, path: string, look?: Look): void {
    if (isBeyondMember(error)) throw error;
    const finding = toFinding(error);
    // What stops the opening mostly stops the identifying as well, and is one piece of news.
    if (look?.problem !== finding.because) this.#recorder.record(finding, path);
    if (look !== undefined) {
      look.repeatable = false;
      look.problem = finding.because;
    }
    if (spendsSharedLimit(error)) throw new DescentStopped();
  }

  /** What was found in the member with this index. */
  parts({ index, path }: Place, parts: Parts): void {
    const { components, sightings, ...others } = parts;
    const rest = { ...others, ...(sightings !== undefined && { sightings: this.#bounded(sightings) }) };
    const free = Math.max(0, MAX_COMPONENTS - this.#componentCount);
    this.#componentCount += components.length;
    if (components.length > free && free > 0)
      this.record(
        {
          check: "opened",
          outcome: "unknown",
          because: `holds more components than are listed: ${MAX_COMPONENTS}`,
          facts: { limit: "components" },
        },
        path,
      );
    this.#listener.parts?.(index, {
      ...rest,
      components: components.slice(0, Math.min(free, PIECE_COMPONENTS)),
    });
    for (let at = PIECE_COMPONENTS; at < Math.min(free, components.length); at += PIECE_COMPONENTS)
      this.#listener.parts?.(index, {
        components: components.slice(at, Math.min(free, at + PIECE_COMPONENTS)),
      });
  }

  /** A digest is one for each member; the rest is counted over all of them. */
  #bounded(sightings: readonly Observable[]): readonly Observable[] {
    return sightings.filter(({ kind }) => {
      if (kind === "md5" || kind === "sha1") return true;
      this.#sightingCount += 1;
      return this.#sightingCount <= MAX_SIGHTINGS;
    });
  }

  /** The member itself, once everything about it is known. */
  member(place: Place, sha256: string, seen: SeenBytes): void {
    const { sizeBytes, identity, signatures = [] } = seen;
    const format = seen.look?.format ?? "data";
    const identifiers = seen.look?.identifiers ?? [];
    place.note?.({ sha256, sizeBytes, format, identity, identifiers, signatures });
    this.#listener.member(place.index, {
      path: place.path,
      sha256,
      sizeBytes,
      format,
      ...(identity !== undefined && { identity }),
      ...(identifiers.length > 0 && { identifiers }),
      ...(place.attributes !== undefined && { attributes: place.attributes }),
      signatures,
    });
  }
}
