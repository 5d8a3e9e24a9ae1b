import { editFile, filesOf, type Release } from "../release.ts";
import type { Technique } from "../technique.ts";

/** Above every version that a package here has. */
const version = "9999.0.0";

/** The programs of another release in the place of this one's. */
function withProgramsOf(other: Release, release: Release): Release {
  return filesOf(other, "pe")
    .filter((path) => release.files.has(path))
    .reduce(
      (changed, path) => editFile(changed, path, (own) => other.files.get(path)?.bytes ?? own),
      release,
    );
}

export const downgrade: Technique = {
  id: "downgrade",
  title: "Older programs in an installer of a higher version",
  shape: "roll back to a vulnerable version: The Update Framework §1.5.2; ATT&CK T1562.010, Downgrade Attack",
  kind: "installer",
  least: "high",
  newerFirst: true,
  attack: ({ before, after }) => withProgramsOf(after, { ...before, version }),
  twinTitle: "the same programs in an installer of a higher version",
  twin: ({ before }) => ({ ...before, version }),
};
