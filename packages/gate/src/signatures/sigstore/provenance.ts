/**
 * What a provenance predicate claims of the build, and whether the certificate says the same: the predicate is the
 * workflow's own word, the certificate is the authority's. Sources: SLSA Provenance v0.2 and v1.
 * @module
 */

import type { Json, JsonObject } from "@sallyport/core";
import { listMember, memberAt, textMember } from "../../json/read-json.ts";
import type { KeylessIdentity } from "./fulcio.ts";
import type { Statement } from "./statement.ts";

export interface ProvenanceClaim {
  readonly builder: string | undefined;
  readonly buildType: string | undefined;
  readonly repository: string | undefined;
  readonly ref: string | undefined;
  readonly commit: string | undefined;
  readonly workflow: string | undefined;
  readonly invocation: string | undefined;
}

/** @returns undefined for a statement that is no provenance */
export function readProvenance({ predicateType, predicate }: Statement): ProvenanceClaim | undefined {
  if (predicateType === "https://slsa.dev/provenance/v1") return readFirstVersion(predicate);
  if (predicateType === "https://slsa.dev/provenance/v0.2") return readDraft(predicate);
  return undefined;
}

function readFirstVersion(predicate: Json | undefined): ProvenanceClaim {
  const workflow = memberAt(predicate, "buildDefinition", "externalParameters", "workflow");
  const [source] = listMember(memberAt(predicate, "buildDefinition"), "resolvedDependencies") ?? [];
  return {
    builder: textMember(memberAt(predicate, "runDetails", "builder"), "id"),
    buildType: textMember(memberAt(predicate, "buildDefinition"), "buildType"),
    repository: textMember(workflow, "repository") ?? repositoryOf(textMember(source, "uri")),
    ref: textMember(workflow, "ref"),
    commit: textMember(memberAt(source, "digest"), "gitCommit"),
    workflow: textMember(workflow, "path"),
    invocation: textMember(memberAt(predicate, "runDetails", "metadata"), "invocationId"),
  };
}

function readDraft(predicate: Json | undefined): ProvenanceClaim {
  const source = memberAt(predicate, "invocation", "configSource");
  const uri = textMember(source, "uri");
  const at = uri?.lastIndexOf("@") ?? -1;
  return {
    builder: textMember(memberAt(predicate, "builder"), "id"),
    buildType: textMember(predicate, "buildType"),
    repository: repositoryOf(uri),
    ref: uri === undefined || at < 0 ? undefined : uri.slice(at + 1),
    commit: textMember(memberAt(source, "digest"), "sha1"),
    workflow: textMember(source, "entryPoint"),
    invocation: textMember(memberAt(predicate, "metadata"), "buildInvocationId"),
  };
}

/** `git+https://host/owner/name@refs/tags/v1` is a way to write `https://host/owner/name`. */
function repositoryOf(uri: string | undefined): string | undefined {
  const plain = uri?.replace(/^git\+/, "").replace(/@[^@]*$/, "");
  return plain === undefined ? undefined : plain.replace(/\.git$/, "");
}

/** Where claim and certificate name different sources; undefined when they agree or one is silent. */
export function contradict(claim: ProvenanceClaim, identity: KeylessIdentity): string | undefined {
  if (differs(claim.repository, identity.repository))
    return `its provenance names the repository ${claim.repository}, its certificate ${identity.repository}`;
  if (differs(claim.commit, identity.commit))
    return `its provenance names the commit ${claim.commit}, its certificate ${identity.commit}`;
  return undefined;
}

const differs = (claimed: string | undefined, certified: string | undefined): boolean =>
  claimed !== undefined && certified !== undefined && claimed.toLowerCase() !== certified.toLowerCase();

/** What policies and people read of it. */
export function claimFacts(claim: ProvenanceClaim | undefined): JsonObject {
  const stated = Object.entries(claim ?? {}).filter(([, text]) => typeof text === "string");
  return stated.length > 0 ? { provenance: Object.fromEntries(stated) } : {};
}
