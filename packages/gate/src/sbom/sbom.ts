/**
 * A bill of materials of what is inside an artifact: the same artifact gives the same document, so it holds no time.
 * Source: ECMA-424, CycloneDX 1.6, JSON.
 * @module
 */

import { hash } from "node:crypto";
import type { Component, Identifier, JsonObject } from "@sallyport/core";
import type { Opening } from "../gate.ts";
import { resolveDependencies } from "./dependencies.ts";
import { componentOf, type GatheredPart, gatherParts, keyOf, purlIn } from "./gather.ts";
import { licencesOf } from "./licence.ts";

/** How sure it is, as CycloneDX wants it told: what a file says of itself is a claim. */
const METHODS: Readonly<Record<Component["confidence"], { technique: string; confidence: number }>> = {
  declared: { technique: "manifest-analysis", confidence: 0.8 },
  embedded: { technique: "binary-analysis", confidence: 0.9 },
  marked: { technique: "binary-analysis", confidence: 0.5 },
};
/** Reasons why something is not listed. */
const SHOWN_REASONS = 100;

/**
 * @param opening - of the artifact
 * @param toolVersion - of the program that writes it
 */
export function billOfMaterials(opening: Opening, toolVersion: string): JsonObject {
  const parts = gatherParts(opening.artifact);
  const reasons = reasonsUnlisted(opening);
  const rootRef = opening.subject.id;
  const body = {
    metadata: {
      tools: { components: [{ type: "application", name: "Sallyport", version: toolVersion }] },
      component: rootOf(opening),
      ...(reasons.length > 0 && {
        properties: reasons.map((value) => ({ name: "sallyport:unlisted", value })),
      }),
    },
    components: parts.map(toComponent),
    dependencies: dependenciesOf(parts),
    compositions: [{ aggregate: reasons.length > 0 ? "incomplete" : "unknown", assemblies: [rootRef] }],
  };
  return {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: serialNumberOf(JSON.stringify(body)),
    version: 1,
    ...body,
  };
}

function rootOf({ artifact: { root }, subject }: Opening): JsonObject {
  const { product, vendor, version, identifiers } = componentOf(root) ?? {
    ...root.identity,
    vendor: root.identity?.company,
    identifiers: root.identifiers ?? [],
  };
  return {
    type: "application",
    "bom-ref": subject.id,
    ...(vendor && { publisher: vendor }),
    name: product || subject.label,
    ...(version && { version }),
    hashes: [{ alg: "SHA-256", content: root.sha256 }],
    ...namesOf(identifiers),
    properties: [
      { name: "sallyport:fileName", value: subject.label },
      { name: "sallyport:format", value: root.format },
      ...otherNames(identifiers),
    ],
  };
}

function toComponent({ component, paths, sha256 }: GatheredPart): JsonObject {
  const { product, vendor, version, type, foundBy, confidence, licence, identifiers } = component;
  const method = { ...METHODS[confidence], value: foundBy };
  return {
    type,
    "bom-ref": refOf(component),
    ...(vendor && { publisher: vendor }),
    name: product,
    ...(version && { version }),
    ...(sha256 !== undefined && { hashes: [{ alg: "SHA-256", content: sha256 }] }),
    ...licencesOf(licence),
    ...namesOf(identifiers),
    evidence: {
      identity: [
        {
          field: purlIn(identifiers) === undefined ? "name" : "purl",
          confidence: method.confidence,
          methods: [method],
        },
      ],
      occurrences: paths.map((location) => ({ location: location === "" ? "." : location })),
    },
    ...(otherNames(identifiers).length > 0 && { properties: otherNames(identifiers) }),
  };
}

const refOf = (component: Component): string =>
  purlIn(component.identifiers) ?? `component:${hash("sha256", keyOf(component))}`;

function namesOf(identifiers: readonly Identifier[]): JsonObject {
  const cpe = identifiers.find(({ kind }) => kind === "cpe")?.value;
  const purl = purlIn(identifiers);
  return { ...(cpe !== undefined && { cpe }), ...(purl !== undefined && { purl }) };
}

/** Names for which CycloneDX has no place of their own. */
const otherNames = (identifiers: readonly Identifier[]): JsonObject[] =>
  identifiers
    .filter(({ kind }) => kind !== "purl" && kind !== "cpe")
    .map(({ kind, value }) => ({ name: `sallyport:${kind}`, value }));

function dependenciesOf(parts: readonly GatheredPart[]): JsonObject[] {
  const refAt = (index: number): string[] => {
    const part = parts[index];
    return part === undefined ? [] : [refOf(part.component)];
  };
  return [...resolveDependencies(parts)].map(([index, needed]) => ({
    ref: refAt(index)[0] ?? "",
    dependsOn: needed.flatMap(refAt),
  }));
}

/** @returns what could not be opened or listed, one sentence each: something of it may be missing */
export function reasonsUnlisted({ artifact: { root, members }, evidence }: Opening): string[] {
  const unlisted = [root, ...members].flatMap(({ path, unlisted: why = [] }) =>
    why.map((because) => (path === "" ? because : `${path}: ${because}`)),
  );
  const unopened = evidence
    .filter(({ source, outcome }) => source === "gate/checks/opened" && outcome !== "pass")
    .map(({ path, because }) => (path === undefined ? because : `${path}: ${because}`));
  const all = [...unopened, ...unlisted];
  return all.length <= SHOWN_REASONS
    ? all
    : [...all.slice(0, SHOWN_REASONS), `${all.length - SHOWN_REASONS} more`];
}

/** A UUID of version 8 (RFC 9562 §5.8) made of what the document says. */
function serialNumberOf(text: string): string {
  const digest = hash("sha256", text);
  const variant = ((Number.parseInt(digest.slice(16, 17), 16) & 3) | 8).toString(16);
  return `urn:uuid:${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}
