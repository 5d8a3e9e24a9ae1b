export { checkPolicies } from "./check-policies.ts";
export { type DecisionWorld, decide } from "./decide.ts";
export { nearest } from "./nearest.ts";
export { loadPolicies, type PolicyDescription, type PolicySet, problemLine } from "./policy-set.ts";
export type { PolicyProblem } from "./policy-text.ts";
export { sightOf } from "./sight.ts";
export type { CheckVocabulary, FactType, PolicySource } from "./vocabulary.ts";
