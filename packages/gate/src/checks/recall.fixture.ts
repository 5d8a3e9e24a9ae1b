/** Asks a check as an examination does, and once more as a hunt does: both must see the same. @module */

import { expect } from "vitest";
import type { Artifact } from "../artifact.ts";
import type { Check, CheckContext, CheckResult } from "./check.ts";

export async function askAndAnswer(
  check: Check,
  artifact: Artifact,
  context: CheckContext,
): Promise<CheckResult> {
  const { recall } = check;
  if (typeof recall !== "object") throw new Error(`${check.id} cannot be asked again`);
  const asked = recall.ask({ artifact, context });
  const result = await recall.answer(asked, context);
  const { clock, label, acceptedSigners, exception, intel, firstSeenAt } = context;
  const later: CheckContext = {
    clock,
    label,
    acceptedSigners,
    exception,
    expectedHash: undefined,
    published: undefined,
    ...(intel !== undefined && { intel }),
    ...(firstSeenAt !== undefined && { firstSeenAt }),
  };
  expect(await recall.answer(JSON.parse(JSON.stringify(asked)), later)).toEqual(result);
  return result;
}
