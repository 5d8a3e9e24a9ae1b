/**
 * An unsigned update is not hopeless: it continues what a person let in, from the same place, and brings nothing that an ordinary
 * update does not bring. That its hash is published is asked by `published-hash`; the policy asks for both.
 * @module
 */

import type { Baseline, Check, CheckContext, CheckResult, ExamineRequest } from "../check.ts";
import { isSamePlace } from "./same-place.ts";

export const unsignedUpdate: Check = {
  id: "unsigned-update",
  question: "Is it an ordinary update, from the same place, of what a person admitted here?",
  kind: "world",
  document: "docs/checks/unsigned-update.md",
  policyFacts: { baseline: "String" },
  // It is about the two files that were compared, and what a person had said of one of them by then.
  recall: "stands",
  examine: async (request) => judge(request),
};

function judge({ artifact, context }: ExamineRequest): CheckResult {
  const { baseline, origin } = context;
  // What is signed is its signer's, and no question of this.
  if (artifact.root.signatures.length > 0) return [];
  if (baseline === undefined)
    return { notChecked: "no earlier release was given to compare with: --baseline FILE" };
  const obstacle = obstacleIn(baseline);
  if (obstacle !== undefined) return { notChecked: obstacle };
  if (origin === undefined || origin.toldBy === "mark-of-the-web")
    return { notChecked: "nobody says where it came from: check the address itself, or give --origin URL" };
  const [url = ""] = origin.urls;
  if (!origin.urls.every(isSecure))
    return { notChecked: "it came a part of the way without https: anybody there can have changed it" };
  if (isPublishedByItsOwnPage(context))
    return {
      notChecked:
        "its hash was read from the very page that led to it: whoever changed the one changed the other; get the hash another way, and give it with --published",
    };
  // A mark lies beside the file: whoever hands the file on can have written it.
  const places = (baseline.origins ?? []).filter(({ toldBy }) => toldBy !== "mark-of-the-web");
  if (places.length === 0)
    return { notChecked: `nobody said where ${baseline.label} came from when it was admitted` };
  const place = places.find((known) => known.urls[0] !== undefined && isSamePlace(known.urls[0], url));
  if (place === undefined)
    return { notChecked: `it does not come from the same place as ${baseline.label}, over https` };
  return {
    outcome: "pass",
    because: `continues ${baseline.label}, which a person admitted, from the same place, with nothing but what an ordinary update brings`,
    facts: { baseline: `sha256:${baseline.sha256}`, url, baselineUrl: place.urls[0] ?? "" },
  };
}

/** A file of hashes that a person brought is named by its path, a page that was fetched by its address. */
const isPublishedByItsOwnPage = ({ published, origin }: CheckContext): boolean =>
  published !== undefined && origin?.toldBy === "download" && isWeb(published.name);

const isWeb = (address: string): boolean => /^https?:\/\//i.test(address);
const isSecure = (url: string): boolean => URL.parse(url)?.protocol === "https:";

function obstacleIn({ label, comparison, isAdmittedByPerson }: Baseline): string | undefined {
  if (isAdmittedByPerson !== true) return `no person's word for ${label} is in force: sallyport admit`;
  if (comparison.sameProduct === false) return `${label} does not claim to be the same product`;
  if (comparison.notCompared.length > 0) return `not everything could be compared with ${label}`;
  const worth = comparison.differences.filter(({ risk }) => risk !== "info");
  return worth.length > 0
    ? `${worth.length} differences since ${label} are worth a person's look`
    : undefined;
}
