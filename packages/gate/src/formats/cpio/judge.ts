/** Judges the entries of a cpio archive by the rules that hold for every archive of a Unix system. @module */

import type { OpenContext } from "../format.ts";
import { Names, report } from "../tar/names.ts";
import type { Entry } from "./entries.ts";

/** What tar calls each kind. */
const TAR_TYPES = { file: "0", folder: "5", link: "2", device: "3", unknown: "0" } as const;

export class EntryJudge {
  readonly #context: OpenContext;
  readonly #names: Names;

  constructor(context: OpenContext) {
    this.#context = context;
    this.#names = new Names(context);
  }

  /** Reports what is wrong with it; @returns whether there is content to look at */
  judge({ name, type, sizeBytes, linkTarget }: Entry): boolean {
    this.#names.judge({
      name,
      plainNames: [],
      linkTarget,
      type: TAR_TYPES[type],
    });
    if (type === "unknown") report(this.#context, "is of a kind that readers do not agree on", name);
    if (type === "device") this.#reportDevice(name);
    if ((type === "folder" || type === "device") && sizeBytes > 0)
      report(this.#context, "has content that its kind of member cannot have", name);
    if (type === "link") return false;
    return type === "file" || type === "unknown" || sizeBytes > 0;
  }

  #reportDevice(member: string): void {
    this.#context.report({
      check: "member-names",
      outcome: "fail",
      because: "is a device or pipe, which unpacking would create",
      facts: { escapes: false },
      member,
    });
  }
}
