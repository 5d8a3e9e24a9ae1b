/** What ties a bundle to the file: the digest it was made over, or the subject it states. @module */

import type { ReadBundle } from "./bundle.ts";
import type { DigestName, FileDigests } from "./file-digests.ts";
import { matchSubject } from "./statement.ts";

export interface Tie {
  /** Why it is not about this file; undefined when it is. */
  readonly problem: string | undefined;
  /** It is about another file, and says nothing of this one. */
  readonly isElsewhere: boolean;
  readonly algorithm: DigestName | undefined;
  readonly subject: string | undefined;
}

export function tieToFile({ about }: ReadBundle, file: FileDigests): Tie {
  if (about.kind === "signature")
    return { problem: undefined, isElsewhere: false, algorithm: "sha256", subject: undefined };
  if (about.kind === "message") {
    const { algorithm, value } = about.digest;
    const isElsewhere = file.get(algorithm) !== value;
    const problem = isElsewhere ? "it is over another file: the digest differs" : undefined;
    return { problem, isElsewhere, algorithm, subject: undefined };
  }
  const match = matchSubject(about.statement.subjects, file);
  if (match.outcome === "match")
    return {
      problem: undefined,
      isElsewhere: false,
      algorithm: match.algorithm,
      subject: match.subject.name,
    };
  const isElsewhere = match.outcome === "other-file";
  return { problem: match.because, isElsewhere, algorithm: undefined, subject: undefined };
}

/**
 * A list of attestations for all files of a release is brought along for one of them: those about the others are no
 * word on this one. When none is about it, they all stay, and fail.
 */
export function withoutOthers(bundles: readonly ReadBundle[], file: FileDigests): readonly ReadBundle[] {
  const isElsewhere = (one: ReadBundle) => tieToFile(one, file).isElsewhere;
  const speaking = new Set(bundles.filter((one) => !isElsewhere(one)).map(({ origin }) => origin));
  return bundles.filter((one) => !speaking.has(one.origin) || !isElsewhere(one));
}
