/**
 * What the parser process says, one line of JSON each. The process handles hostile bytes and may have been taken
 * over by them, so its parent believes no line: shape, size and vocabulary are checked here.
 * @module
 */

import type { Evidence, JsonObject } from "@sallyport/core";
import type { ArtifactMember, Identity, MemberAttributes } from "../artifact.ts";
import type { Parts } from "../components/finder.ts";
import type { FindingCheck } from "../finding.ts";
import type { SignatureReport } from "../signatures/scheme.ts";
import { readIdentifiers, readParts } from "./parts-message.ts";
import { readSignature } from "./signature-message.ts";
import { isObject, isWholeNumber, optionalText, readText, refuse } from "./value.ts";

export type ParserMessage =
  | { readonly type: "at"; readonly path: string; readonly doneBytes: number }
  | { readonly type: "recognised"; readonly path: string; readonly format: string }
  | { readonly type: "member"; readonly index: number; readonly member: ArtifactMember }
  /** Of a member that is told of as well; several add up. */
  | { readonly type: "parts"; readonly index: number; readonly parts: Parts }
  | { readonly type: "evidence"; readonly evidence: Evidence }
  /** The world failed, not the artifact. */
  | { readonly type: "world"; readonly code: "world.changed" | "world.io"; readonly message: string }
  | { readonly type: "end" };

const CHECKS: ReadonlySet<string> = new Set<FindingCheck>([
  "behaviours",
  "rules",
  "integrity",
  "certificate-table",
  "member-names",
  "opened",
  "structure",
  "weak-digest",
]);

/** @throws Error when the line is not a message: the process that sent it is not believed any more */
export function readMessage(line: string): ParserMessage {
  const value: unknown = JSON.parse(line);
  if (!isObject(value)) return refuse("message");
  switch (value.type) {
    case "at":
      return { type: "at", path: readText(value.path), doneBytes: readCount(value.doneBytes) };
    case "recognised":
      return { type: "recognised", path: readText(value.path), format: readFormat(value.format) };
    case "member":
      return { type: "member", index: readCount(value.index), member: readMember(value.member) };
    case "parts":
      return { type: "parts", index: readCount(value.index), parts: readParts(value.parts) };
    case "evidence":
      return { type: "evidence", evidence: readEvidence(value.evidence) };
    case "world": {
      const code = value.code === "world.changed" ? "world.changed" : "world.io";
      return { type: "world", code, message: readText(value.message) };
    }
    case "end":
      return { type: "end" };
    default:
      return refuse("type");
  }
}

function readMember(value: unknown): ArtifactMember {
  if (!isObject(value)) return refuse("member");
  const sha256 = readText(value.sha256);
  if (!/^[0-9a-f]{64}$/.test(sha256)) return refuse("sha256");
  const identity = readIdentity(value.identity);
  const attributes = readAttributes(value.attributes);
  const identifiers = value.identifiers === undefined ? undefined : readIdentifiers(value.identifiers);
  return {
    path: readText(value.path),
    sha256,
    sizeBytes: readCount(value.sizeBytes),
    format: readFormat(value.format),
    ...(identity !== undefined && { identity }),
    ...(identifiers !== undefined && { identifiers }),
    ...(attributes !== undefined && { attributes }),
    signatures: readSignatures(value.signatures),
  };
}

function readSignatures(value: unknown): SignatureReport[] {
  return Array.isArray(value) ? value.map(readSignature) : refuse("signatures");
}

function readIdentity(value: unknown): Identity | undefined {
  if (value === undefined) return undefined;
  if (!isObject(value)) return refuse("identity");
  return {
    ...optionalText(value, "product"),
    ...optionalText(value, "company"),
    ...optionalText(value, "version"),
    ...optionalText(value, "originalName"),
    ...optionalText(value, "architecture"),
    ...optionalText(value, "buildId"),
    ...optionalText(value, "codeDigest"),
  };
}

function readAttributes(value: unknown): MemberAttributes | undefined {
  if (value === undefined) return undefined;
  if (!isObject(value)) return refuse("attributes");
  const { unixMode } = value;
  return {
    ...(unixMode === undefined ? {} : { unixMode: readCount(unixMode) }),
    ...optionalText(value, "modifiedAt"),
    ...optionalText(value, "capabilities"),
    ...optionalText(value, "linkTarget"),
  };
}

function readEvidence(value: unknown): Evidence {
  if (!isObject(value) || !isObject(value.facts)) return refuse("evidence");
  const source = readText(value.source);
  const { outcome } = value;
  if (!source.startsWith("gate/checks/") || !CHECKS.has(source.slice("gate/checks/".length)))
    return refuse("source");
  if (outcome !== "pass" && outcome !== "fail" && outcome !== "unknown") return refuse("outcome");
  return {
    source,
    kind: "content",
    outcome,
    ...optionalText(value, "path"),
    because: readText(value.because),
    // Parsed from JSON, so it is JSON.
    facts: value.facts as JsonObject,
  };
}

function readFormat(value: unknown): string {
  const format = readText(value);
  return /^[a-z0-9][a-z0-9.+-]{0,39}$/.test(format) ? format : refuse("format");
}

const readCount = (value: unknown): number => (isWholeNumber(value) ? value : refuse("count"));
