/** What the process that tries rules says, one line of JSON each. Rules may come from anywhere: no line is believed. @module */

export type TrialMessage =
  | { readonly type: "at"; readonly index: number }
  | { readonly type: "refused"; readonly because: string }
  | { readonly type: "end" };

const MOST_CHARACTERS = 2000;

/** @throws Error when the line is none of ours */
export function readTrialMessage(line: string): TrialMessage {
  const value: unknown = JSON.parse(line);
  if (typeof value !== "object" || value === null || !("type" in value)) throw new Error("no message");
  if (value.type === "end") return { type: "end" };
  if (value.type === "at" && "index" in value && Number.isSafeInteger(value.index))
    return { type: "at", index: Number(value.index) };
  if (value.type === "refused" && "because" in value && typeof value.because === "string")
    return { type: "refused", because: value.because.slice(0, MOST_CHARACTERS) };
  throw new Error("no message that is known");
}
