/** Where a member stands, and how its place is shown. Names are shown, never followed. @module */

import type { ByteSource } from "@sallyport/core";
import type { MemberAttributes } from "../artifact.ts";
import type { MemberNote } from "../manifests/desk.ts";

/** Longest name of one member that is shown; what is longer is cut. */
const SHOWN_NAME_CHARACTERS = 512;
const SHOWN_PATH_CHARACTERS = 4096;

export interface Place {
  /** As shown; empty for the artifact itself. */
  readonly path: string;
  /** Containers around it. */
  readonly depth: number;
  /** In the order members were met; 0 is the artifact itself. */
  readonly index: number;
  readonly offsetInParentBytes: number;
  /** A program carries it behind itself. */
  readonly isCarried: boolean;
  readonly carrier: ByteSource | undefined;
  /** What its carrier says it is. */
  readonly knownFormat: string | undefined;
  readonly memberNames: ReadonlyMap<string, string> | undefined;
  readonly attributes: MemberAttributes | undefined;
  /** Where it will be unpacked, as a container around it knows. */
  readonly unpackedOn: "unix" | undefined;
  /** Told when the member was read to its end. */
  readonly note: ((note: MemberNote) => void) | undefined;
}

export const ROOT: Place = {
  path: "",
  depth: 0,
  index: 0,
  offsetInParentBytes: 0,
  isCarried: false,
  carrier: undefined,
  knownFormat: undefined,
  memberNames: undefined,
  attributes: undefined,
  unpackedOn: undefined,
  note: undefined,
};

/** The path of a member as shown, its name as the container claims it. */
export function joinPath(container: string, name: string): string {
  const shown = showName(name);
  return cut(container === "" ? shown : `${container}/${shown}`, SHOWN_PATH_CHARACTERS);
}

/** Makes control, direction and half characters visible: a name must not draw on the reader's screen. */
export function showName(name: string): string {
  const whole = cut(name, SHOWN_NAME_CHARACTERS);
  if (whole === "") return "(no name)";
  return whole.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

const cut = (text: string, characters: number): string =>
  text.length <= characters ? text : `${text.slice(0, characters - 1)}…`;
