/** Finds what is wrong with policy files before they decide anything. @module */

import { type Cedar, loadCedar } from "./cedar.ts";
import { outcomeTestsOf, readsOf } from "./expression.ts";
import { nearest } from "./nearest.ts";
import { permitProblems } from "./permit.ts";
import { type PolicyPart, type PolicyProblem, problemAt, splitPolicies } from "./policy-text.ts";
import { schemaOf } from "./schema.ts";
import { type CheckVocabulary, CONTEXT_OUTCOMES, type PolicySource } from "./vocabulary.ts";

/**
 * Checks policy files: syntax, types, annotations, check ids, outcomes, and that no permit reads a bad outcome.
 * @returns every problem found, in the order of files and lines; empty when there is none
 */
export async function checkPolicies(
  sources: readonly PolicySource[],
  vocabulary: readonly CheckVocabulary[],
): Promise<readonly PolicyProblem[]> {
  return examinePolicies(await loadCedar(), sources, vocabulary).problems;
}

/** The same, with the policies: loading needs both. */
export function examinePolicies(
  cedar: Cedar,
  sources: readonly PolicySource[],
  vocabulary: readonly CheckVocabulary[],
): { readonly parts: readonly PolicyPart[]; readonly problems: readonly PolicyProblem[] } {
  const split = sources.map((source) => splitPolicies(cedar, source));
  const parts = split.flatMap((file) => file.parts);
  const schema = schemaOf(vocabulary);
  const problems = [
    ...split.flatMap((file) => file.problems),
    ...parts.flatMap((part) => annotationProblems(part)),
    ...duplicateProblems(parts),
    ...contentProblems(cedar, parts, schema, vocabulary),
  ];
  const files = new Map(sources.map(({ name }, index) => [name, index]));
  const place = ({ source }: PolicyProblem): number => files.get(source) ?? 0;
  return {
    parts,
    problems: problems.sort((a, b) => place(a) - place(b) || a.line - b.line || a.column - b.column),
  };
}

const ANNOTATIONS = ["id", "verdict", "because"] as const;
const VERDICTS = ["refuse", "hold"];
const POLICY_ID = /^[a-z0-9]+(-[a-z0-9]+)*$/;
/** Reasons that no policy gives. */
const RESERVED_IDS: ReadonlySet<string> = new Set(["policy-error", "unknown-evidence", "no-permit"]);

/** An annotation's text; undefined when it is missing, or has no text. */
export function annotation(part: PolicyPart, name: (typeof ANNOTATIONS)[number]): string | undefined {
  const text = part.json.annotations?.[name];
  return typeof text === "string" && text !== "" ? text : undefined;
}

function annotationProblems(part: PolicyPart): PolicyProblem[] {
  const problem = (message: string, suggestion?: string) =>
    problemAt(part.source, part.offsetBytes, message, suggestion);
  const problems = Object.keys(part.json.annotations ?? {})
    .filter((name) => !ANNOTATIONS.some((known) => known === name))
    .map((name) => {
      const meant = nearest(name, ANNOTATIONS);
      return problem(`unknown annotation @${name}`, meant && `did you mean @${meant}?`);
    });
  const [id, verdict] = [annotation(part, "id"), annotation(part, "verdict")];
  if (id === undefined) problems.push(problem("has no @id", 'write @id("a-name") before it'));
  else if (!POLICY_ID.test(id)) problems.push(problem(`@id("${id}") is not kebab-case`));
  else if (RESERVED_IDS.has(id)) problems.push(problem(`@id("${id}") is reserved`));
  if (annotation(part, "because") === undefined)
    problems.push(problem("has no @because", 'write @because("…"): one sentence a person can act on'));
  if (part.json.effect === "permit") {
    if (verdict !== undefined) problems.push(problem("a permit admits: it takes no @verdict"));
  } else if (verdict === undefined) {
    problems.push(problem("a forbid needs a @verdict", 'write @verdict("refuse") or @verdict("hold")'));
  } else if (!VERDICTS.includes(verdict)) {
    const meant = nearest(verdict, VERDICTS);
    problems.push(
      problem(`@verdict("${verdict}") is neither refuse nor hold`, meant && `did you mean "${meant}"?`),
    );
  }
  return problems;
}

function duplicateProblems(parts: readonly PolicyPart[]): PolicyProblem[] {
  const first = new Map<string, PolicyPart>();
  return parts.flatMap((part) => {
    const id = annotation(part, "id");
    if (id === undefined) return [];
    const earlier = first.get(id);
    if (earlier === undefined) first.set(id, part);
    return earlier === undefined
      ? []
      : [problemAt(part.source, part.offsetBytes, `@id("${id}") is already taken in ${earlier.source.name}`)];
  });
}

function contentProblems(
  cedar: Cedar,
  parts: readonly PolicyPart[],
  schema: string,
  vocabulary: readonly CheckVocabulary[],
): PolicyProblem[] {
  const words = parts.map((part) => [...unknownChecks(part, vocabulary), ...unknownOutcomes(part)]);
  const permits = parts
    .filter(({ json }) => json.effect === "permit")
    .flatMap((part) =>
      permitProblems(part.json).map(({ message, check }) =>
        problemAt(part.source, placeOf(part, check), message),
      ),
    );
  // An unknown check is a type error too: say it once.
  const wellNamed = parts.filter((_, index) => words[index]?.length === 0);
  return [...words.flat(), ...permits, ...typeProblems(cedar, wellNamed, schema)];
}

function unknownChecks(part: PolicyPart, vocabulary: readonly CheckVocabulary[]): PolicyProblem[] {
  const known = new Set(vocabulary.map(({ id }) => id));
  const read = part.json.conditions.flatMap(({ body }) => readsOf(body).map(({ check }) => check));
  return [...new Set(read)].flatMap((check) => {
    if (check === undefined || known.has(check)) return [];
    const meant = nearest(check, known);
    const suggestion = meant && `did you mean "${meant}"?`;
    return [problemAt(part.source, placeOf(part, check), `there is no check "${check}"`, suggestion)];
  });
}

function unknownOutcomes(part: PolicyPart): PolicyProblem[] {
  const tested = part.json.conditions.flatMap(({ body }) => outcomeTestsOf(body));
  return tested.flatMap(({ outcome }) => {
    if (CONTEXT_OUTCOMES.some((known) => known === outcome)) return [];
    const meant = nearest(outcome, CONTEXT_OUTCOMES);
    const suggestion = meant ? `did you mean "${meant}"?` : `one of ${CONTEXT_OUTCOMES.join(", ")}`;
    return [problemAt(part.source, placeOf(part, outcome), `no outcome is "${outcome}"`, suggestion)];
  });
}

/** All policies in one call: the engine reads the schema anew for each, which takes longer than the policies. */
function typeProblems(cedar: Cedar, parts: readonly PolicyPart[], schema: string): PolicyProblem[] {
  const answer = cedar.validate({
    schema,
    policies: { staticPolicies: Object.fromEntries(parts.map(({ text }, index) => [nameOf(index), text])) },
    validationSettings: { mode: "strict" },
  });
  // Every policy was parsed before, so this is about all of them: shown at the first.
  const found =
    answer.type === "failure"
      ? answer.errors.map((error) => ({ policyId: nameOf(0), error }))
      : [...answer.validationErrors, ...answer.validationWarnings];
  return found.flatMap(({ policyId, error }) => {
    const part = parts[Number(policyId.slice(1))];
    if (part === undefined) return [];
    const place = part.offsetBytes + (error.sourceLocations?.[0]?.start ?? 0);
    const message = error.message.replace(`for policy \`${policyId}\`, `, "");
    return [problemAt(part.source, place, message, error.help ?? undefined)];
  });
}

/** What a policy is called towards the engine while it is checked: ids may be missing or stand twice. */
const nameOf = (index: number): string => `p${index}`;

/** Where a word stands in a policy, in bytes from the start of the file; the policy's start when it does not. */
function placeOf(part: PolicyPart, word: string | undefined): number {
  const index = word === undefined ? -1 : Buffer.from(part.text).indexOf(word);
  return part.offsetBytes + Math.max(0, index);
}
