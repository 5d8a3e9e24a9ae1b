/** Two looks at the same bytes at once. @module */

import type { ByteSource } from "@sallyport/core";
import type { Study, StudySubject } from "./study.ts";

/** Does its work while the study, if there is one, looks at the same bytes; both are done when it returns. */
export async function beside<Result>(
  study: Study | undefined,
  { source, seen }: { source: ByteSource; seen: StudySubject },
  work: () => Promise<Result>,
): Promise<Result> {
  if (study === undefined) return work();
  const [studied, worked] = await Promise.allSettled([study.begin(source, seen), work()]);
  if (worked.status === "rejected") throw worked.reason;
  if (studied.status === "rejected") throw studied.reason;
  return worked.value;
}
