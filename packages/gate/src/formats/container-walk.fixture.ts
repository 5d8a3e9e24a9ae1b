/** Opens a container that is read anywhere, for the tests beside such formats. @module */

import { SallyportError } from "@sallyport/core";
import { contentOf, recordingContext, sourceOf, testBudget } from "@sallyport/testkit";
import type { Identity } from "../artifact.ts";
import type { Finding } from "../finding.ts";
import type { Format } from "./format.ts";

export interface ContainerWalk {
  readonly members: { readonly name: string; readonly bytes: Buffer }[];
  readonly findings: readonly Finding[];
  readonly identity: Identity;
  readonly refinedTo: string | undefined;
  /** Of the error that ended it, empty when it came to its end. Errors that are not ours are thrown. */
  readonly code: string;
  readonly message: string;
}

export async function walkContainer(
  format: Format,
  bytes: Buffer,
  options: { maxHeldBytes?: number; limits?: Parameters<typeof testBudget>[0] } = {},
): Promise<ContainerWalk> {
  const { context, findings, refinedTo } = recordingContext(testBudget(options.limits));
  const members: { name: string; bytes: Buffer }[] = [];
  let identity: Identity = {};
  let error: unknown;
  const own = {
    ...context,
    claimIdentity: (claimed: Identity) => {
      identity = { ...identity, ...claimed };
    },
    maxHeldBytes: options.maxHeldBytes ?? context.maxHeldBytes,
  };
  try {
    for await (const member of format.open?.(sourceOf(bytes), own) ?? [])
      members.push({ name: member.name, bytes: await contentOf(member) });
  } catch (caught) {
    if (!(caught instanceof SallyportError)) throw caught;
    error = caught;
  }
  const { code, message } = error instanceof SallyportError ? error : { code: "", message: "" };
  return { members, findings, identity, refinedTo: refinedTo(), code, message };
}
