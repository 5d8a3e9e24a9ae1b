/** What policies may read: every check's id and the typed facts it promises. @module */

/** A fact's Cedar type. */
export type FactType = "String" | "Long" | "Bool" | "Set<String>";

export interface CheckVocabulary {
  /** Kebab-case; `context.checks["<id>"]` in a policy. */
  readonly id: string;
  readonly facts: Readonly<Record<string, FactType>>;
}

/** A policy file as read; one file may hold several policies. */
export interface PolicySource {
  /** The file's name as shown. */
  readonly name: string;
  readonly text: string;
  readonly origin: "default" | "added";
}

/** Every outcome a policy can meet; `not-checked` when a check gave no evidence. */
export const CONTEXT_OUTCOMES = ["pass", "fail", "unknown", "not-checked"] as const;
export type ContextOutcome = (typeof CONTEXT_OUTCOMES)[number];
