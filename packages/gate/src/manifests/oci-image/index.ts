/**
 * Images of containers as a tar: an OCI layout, what `docker save` writes, or both at once. Everything in them is named
 * by its digest, so every name is compared with what lies under it.
 * Sources: OCI Image Format 1.1 (image-layout.md, descriptor.md, config.md); Docker Image Specification v1.2.
 * @module
 */

import type { Json } from "@sallyport/core";
import type { Identity } from "../../artifact.ts";
import type { Finding } from "../../finding.ts";
import { isJsonList, listMember, member, memberAt, readJson, textMember } from "../../json/read-json.ts";
import type { Conclusion, ContainerContents, Manifest, SeenMember } from "../manifest.ts";
import { followDescriptors } from "./descriptors.ts";

const BLOB = /^(?:\.\/)?blobs\/(sha256|sha512)\/([0-9a-f]+)$/;
/** docker and podman name it by its digest, as go-containerregistry does in another spelling; others as they like. */
const NAMED_CONFIGURATION = /^(?:sha256:)?([0-9a-f]{64})(?:\.json)?$/;
const OTHER_DOCUMENT = /^[^/]+\.json$/;
const OLD_LAYER = /^[0-9a-f]{64}(?:\/layer)?\.tar(?:\.gz)?$/;
/** Manifests and configurations; layers are longer. */
const DOCUMENT_BYTES = 512 * 1024;

export const ociImage: Manifest = {
  id: "oci-image",
  names: ["docker-image"],
  title: "container image",
  document: "OCI Image Format 1.1; Docker Image Specification v1.2",
  containers: ["tar"],
  wants(name) {
    const plain = name.replace(/^\.\//, "");
    const blob = BLOB.exec(plain);
    if (blob !== null)
      return {
        heldBytes: DOCUMENT_BYTES,
        // Layers end in the root of a Unix system.
        unpackedOn: "unix",
        ...(blob[1] === "sha512" ? { sha512: true } : {}),
      };
    if (OLD_LAYER.test(plain)) return { unpackedOn: "unix" };
    return isDocument(plain) ? { heldBytes: DOCUMENT_BYTES } : undefined;
  },
  conclude,
};

const isDocument = (name: string): boolean =>
  name === "oci-layout" || OTHER_DOCUMENT.test(name) || NAMED_CONFIGURATION.test(name);

function conclude(contents: ContainerContents): Conclusion | undefined {
  const members = new Map([...contents.members].map(([name, seen]) => [name.replace(/^\.\//, ""), seen]));
  const index = members.has("oci-layout") ? documentOf(members.get("index.json")) : undefined;
  const list = documentOf(members.get("manifest.json"));
  const saved = isJsonList(list) ? list.filter((image) => textMember(image, "Config") !== undefined) : [];
  if (index === undefined && saved.length === 0) return undefined;
  const unread = new Set([...contents.unread].map((name) => name.replace(/^\.\//, "")));
  const read = { members, unread, budget: contents.budget };
  const followed = index === undefined ? undefined : followDescriptors(index, read);
  return {
    format: index === undefined ? "docker-image" : "oci-image",
    identity: identify({ index, saved, members, configurations: followed?.configurations ?? [] }),
    findings: [...misnamed(members), ...(followed?.findings ?? []), ...compareSaved(saved, members, unread)],
  };
}

function documentOf(seen: SeenMember | undefined): Json | undefined {
  return seen?.bytes === undefined ? undefined : readJson(seen.bytes, "a document of the image");
}

/** A blob's name is its digest, and so was a configuration's before there were layouts. */
function* misnamed(members: ReadonlyMap<string, SeenMember>): Generator<Finding> {
  for (const [name, seen] of members) {
    const [, algorithm, digest] = BLOB.exec(name) ?? [];
    const stated = digest ?? NAMED_CONFIGURATION.exec(name)?.[1];
    const found = algorithm === "sha512" ? seen.sha512 : seen.sha256;
    if (stated !== undefined && stated !== found)
      yield lie("is not what its name says: the digest differs", name);
  }
}

/** Layers that `docker save` names must be there, and be those the configuration lists, where they are not compressed. */
function* compareSaved(
  saved: readonly Json[],
  members: ReadonlyMap<string, SeenMember>,
  unread: ReadonlySet<string>,
): Generator<Finding> {
  for (const image of saved) {
    const stated = textMember(image, "Config") ?? "";
    const configuration = members.get(stated);
    if (configuration === undefined) {
      const wasAsked = BLOB.test(stated) || isDocument(stated);
      if (wasAsked && !unread.has(stated))
        yield { ...lie("names a configuration that is not in it"), outcome: "unknown" };
      continue;
    }
    const differences = listMember(memberAt(documentOf(configuration), "rootfs"), "diff_ids") ?? [];
    const layers = listMember(image, "Layers") ?? [];
    if (differences.length !== layers.length)
      yield lie(`lists ${layers.length} layers, and its configuration ${differences.length}`);
    for (const [at, layer] of layers.entries()) {
      const name = typeof layer === "string" ? layer : "";
      const seen = members.get(name);
      // Older ones link a layer that another image has as well.
      if (seen === undefined && BLOB.test(name) && !unread.has(name))
        yield lie("is listed and not there", name);
      const isPlain = seen?.format === "tar" && OLD_LAYER.test(name);
      if (isPlain && differences[at] !== `sha256:${seen.sha256}`)
        yield lie("is not the layer that its configuration lists", name);
    }
  }
}

interface Described {
  readonly index: Json | undefined;
  readonly saved: readonly Json[];
  readonly members: ReadonlyMap<string, SeenMember>;
  readonly configurations: readonly Json[];
}

function identify({ index, saved, members, configurations }: Described): Identity {
  const [described] = listMember(index, "manifests") ?? [];
  const annotations = member(described, "annotations");
  const tags = saved.flatMap((image) => listMember(image, "RepoTags") ?? []);
  const [tag] = tags.filter((one) => typeof one === "string");
  const name = textMember(annotations, "org.opencontainers.image.ref.name");
  // Most write the tag alone there, some the whole reference.
  const isTag = name !== undefined && !/[/:]/.test(name);
  const reference = textMember(annotations, "io.containerd.image.name") ?? tag ?? (isTag ? undefined : name);
  const old = saved.flatMap((image) => documentOf(members.get(textMember(image, "Config") ?? "")) ?? []);
  const all = [...configurations, ...old];
  const architectures = new Set(all.flatMap((one) => textMember(one, "architecture") ?? []));
  const labels = all.map((one) => memberAt(one, "config", "Labels"));
  const company = labels
    .map((one) => textMember(one, "org.opencontainers.image.vendor"))
    .find((text) => text);
  return {
    ...(isTag ? { version: name } : {}),
    ...(reference === undefined ? {} : splitReference(reference)),
    ...(company === undefined ? {} : { company }),
    ...(architectures.size === 0 ? {} : { architecture: [...architectures].join("+") }),
  };
}

/** `host:port/name:tag`: the tag stands behind the last slash. */
function splitReference(reference: string): Identity {
  const colon = reference.lastIndexOf(":");
  if (colon < 0 || reference.indexOf("/", colon) >= 0) return { product: reference };
  return { product: reference.slice(0, colon), version: reference.slice(colon + 1) };
}

const lie = (because: string, name?: string): Finding => ({
  check: "structure",
  outcome: "fail",
  because,
  facts: {},
  ...(name === undefined ? {} : { member: name }),
});
