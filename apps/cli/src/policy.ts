/** The policies of one run: the shipped ones, and what `--policy` adds. @module */

import { setFlagsFromString } from "node:v8";
import type { PolicySet, PolicySource } from "@sallyport/core";

export interface PolicyOptions {
  /** Folders of `.cedar` files. */
  readonly policy: readonly string[];
  readonly withoutDefault: readonly string[];
}

/** @throws UsageError `usage.policy` or `usage.file` */
export async function policySources(folders: readonly string[]): Promise<readonly PolicySource[]> {
  const { defaultPolicies, readPolicyFolder } = await import("@sallyport/gate");
  const added = await Promise.all(folders.map((folder) => readPolicyFolder(folder)));
  return [...(await defaultPolicies()), ...added.flat()];
}

/**
 * The policy engine is asked a few times and the process ends: compiling its WebAssembly a second time, better, takes
 * longer than all the questions (measured: 200 ms of processor time against 70). The first two go together: with the
 * second alone, everything is compiled twice at once. The third checks a function when it is first called.
 */
const SHORT_RUN = ["--no-wasm-tier-up", "--no-wasm-dynamic-tiering", "--wasm-lazy-validation"];

/**
 * @param run - `long`: the engine will be asked thousands of times, and compiles itself well
 * @throws UsageError `usage.policy` naming every problem as `file:line:column`
 */
export async function policyWith(
  options: PolicyOptions,
  run: "short" | "long" = "short",
): Promise<PolicySet> {
  const [{ loadPolicies }, { vocabulary }, sources] = await Promise.all([
    import("@sallyport/core"),
    import("@sallyport/gate"),
    policySources(options.policy),
  ]);
  if (run === "short") for (const flag of SHORT_RUN) setFlagsFromString(flag);
  return loadPolicies(sources, { vocabulary: vocabulary(), withoutDefaults: options.withoutDefault });
}

/** The same, loaded once and not before it is asked for. */
export function policyOnDemand(options: PolicyOptions): () => Promise<PolicySet> {
  let loading: Promise<PolicySet> | undefined;
  return () => {
    loading ??= policyWith(options);
    return loading;
  };
}
