/** Who else was given these bytes: a swapped download is one that nobody else saw. @module */

import type { Check } from "../check.ts";
import { claimOfRoot, claimToJson, fileNameOf, member, readClaim } from "../claims.ts";
import { type Asked, judgeWitnesses } from "./judge.ts";

export const witness: Check = {
  id: "witness",
  question: "Did others see the same bytes under this name?",
  kind: "world",
  document: "Manifests of winget, Scoop, Homebrew and Chocolatey",
  policyFacts: { standing: "String", independent: "Long" },
  recall: {
    ask: ({ artifact, context }) => ({
      sha256: artifact.root.sha256,
      fileName: fileNameOf(context.label),
      origins: context.origin?.urls ?? [],
      claim: claimToJson(claimOfRoot(artifact, context.label)),
    }),
    async answer(stored, { intel }) {
      const snapshots = intel?.snapshotsOn("witness") ?? [];
      if (intel === undefined || snapshots.length === 0)
        return {
          notChecked:
            "no list of packages was read; run sallyport intel sync scoop homebrew-cask, or import one",
        };
      const asked = readAsked(stored);
      const report = await intel.witnesses(asked.sha256, readClaim(member(stored, "claim")));
      return judgeWitnesses(report, asked, snapshots);
    },
  },
};

function readAsked(stored: unknown): Asked {
  const [sha256, fileName, origins] = ["sha256", "fileName", "origins"].map((name) => member(stored, name));
  return {
    sha256: typeof sha256 === "string" ? sha256 : "",
    fileName: typeof fileName === "string" ? fileName : "",
    origins: Array.isArray(origins) ? origins.filter((url) => typeof url === "string") : [],
  };
}
