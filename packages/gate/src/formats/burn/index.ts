/**
 * What a WiX bundle carries behind its stub: cabinets, the first of them with the manifest that says what the files in
 * all of them are. Source: WiX Toolset, src/burn/engine (section.cpp, container.cpp, cabextract.cpp).
 * @module
 */

import { createHash } from "node:crypto";
import { ArtifactError, type ByteSource, hasCode, RangeSource } from "@sallyport/core";
import { cab } from "../cab/index.ts";
import type { Format, Glimpse, Member, OpenContext } from "../format.ts";
import { FrontReader } from "../front-reader.ts";
import { type Span, unclaimedMembers } from "../installer-span.ts";
import { type Manifest, type Payload, readManifest } from "./manifest.ts";
import { type BurnSection, type Range, readBurnSection } from "./section.ts";

/** The name of the manifest in its cabinet, where it comes first. */
const MANIFEST_NAME = "0";
const MOST_MANIFEST_BYTES = 32 * 1024 * 1024;
const NOTHING: ReadonlyMap<string, Payload> = new Map();

export const burn: Format = {
  id: "burn",
  title: "WiX bundle's containers",
  document: "WiX Toolset sources, src/burn/engine",
  recognise,
  open,
};

/** [MS-CAB] §2.3: a cabinet whose first file has the manifest's name. In a bundle, the stub knows better. */
function recognise(glimpse: Glimpse): boolean {
  if (!cab.recognise(glimpse)) return false;
  const { head } = glimpse;
  const name = head.readUInt32LE(16) + 16;
  return name + 2 <= head.length && head.toString("latin1", name, name + 2) === `${MANIFEST_NAME}\0`;
}

async function* open(source: ByteSource, context: OpenContext): AsyncGenerator<Member> {
  const { carrier, offsetInParentBytes } = context;
  const section = carrier === undefined ? undefined : await readBurnSection(carrier);
  const program = section === undefined || carrier === undefined ? source : carrier;
  const start = program === source ? 0 : offsetInParentBytes;
  const whole = { start, end: start + source.sizeBytes };
  const { application, signature, containers }: BurnSection = section ?? {
    application: whole,
    signature: undefined,
    containers: [],
  };
  const cabinet = cabinetAt(program, application);
  const manifest = await findManifest(cabinet, context, section !== undefined);
  if (manifest === undefined && section === undefined) {
    context.refineFormat(cab.id);
    return yield* cab.open?.(source, context) ?? [];
  }
  if (manifest !== undefined) context.claimIdentity(manifest.identity);
  yield* openCabinet(cabinet, { context, payloads: manifest?.application ?? NOTHING });
  if (signature !== undefined) yield signatureMember(program, signature);
  for (const [index, range] of containers.entries())
    yield* openCabinet(cabinetAt(program, range), {
      context,
      payloads: manifest?.containers.get(index + 1) ?? NOTHING,
    });
  const spans: Span[] = [application, ...(signature === undefined ? [] : [signature]), ...containers];
  yield* unclaimedMembers({ program, ...whole }, spans, context);
}

function cabinetAt(program: ByteSource, { start, end }: Range): ByteSource {
  if (end > program.sizeBytes)
    throw new ArtifactError("artifact.truncated", "WiX bundle: a container is cut short");
  return new RangeSource(program, start, end - start);
}

/**
 * What goes wrong with the cabinet is told when it is opened for its files.
 * @param isBundle - it must be there; otherwise the file only has its name
 */
async function findManifest(
  cabinet: ByteSource,
  context: OpenContext,
  isBundle: boolean,
): Promise<Manifest | undefined> {
  const quiet = { ...context, report: () => undefined };
  for await (const member of cab.open?.(cabinet, quiet) ?? []) {
    if (member.name !== MANIFEST_NAME) continue;
    const bytes = await new FrontReader(member.content()).upTo(MOST_MANIFEST_BYTES + 1);
    if (bytes.length > MOST_MANIFEST_BYTES)
      throw new ArtifactError("artifact.over-limit", "WiX bundle: the manifest is too large");
    return readManifestOrOther(bytes, isBundle);
  }
  return undefined;
}

function readManifestOrOther(bytes: Buffer, isBundle: boolean): Manifest | undefined {
  try {
    return readManifest(bytes);
  } catch (error) {
    if (!isBundle && hasCode(error, "artifact.malformed", "artifact.unsupported")) return undefined;
    throw error;
  }
}

interface Opened {
  readonly context: OpenContext;
  readonly payloads: ReadonlyMap<string, Payload>;
}

async function* openCabinet(cabinet: ByteSource, { context, payloads }: Opened): AsyncGenerator<Member> {
  const missing = new Set(payloads.keys());
  for await (const member of cab.open?.(cabinet, { ...context, memberNames: undefined }) ?? []) {
    const payload = payloads.get(member.name);
    missing.delete(member.name);
    if (payload === undefined) yield { ...member, name: `application/${plainName(member.name)}` };
    else yield { ...member, name: payload.name, content: () => compare(member.content(), payload, context) };
  }
  if (missing.size > 0)
    report(context, `its manifest names ${missing.size} files that its container does not hold`);
}

const plainName = (name: string): string => (name === MANIFEST_NAME ? "manifest.xml" : name);

/** The engine compares them as well, and runs nothing that differs. */
async function* compare(
  bytes: AsyncIterable<Uint8Array>,
  payload: Payload,
  context: OpenContext,
): AsyncGenerator<Uint8Array> {
  const algorithm =
    payload.hash?.length === 40 ? "sha1" : payload.hash?.length === 128 ? "sha512" : undefined;
  const hash = algorithm === undefined ? undefined : createHash(algorithm);
  let sizeBytes = 0;
  for await (const piece of bytes) {
    hash?.update(piece);
    sizeBytes += piece.length;
    yield piece;
  }
  const isSame = hash === undefined || hash.digest("hex") === payload.hash;
  if (!isSame || (payload.sizeBytes ?? sizeBytes) !== sizeBytes)
    report(context, "is not the file that the bundle's manifest describes", payload.name);
}

/** It was the engine's before the containers were attached; the bundle's own signature covers it. */
function signatureMember(program: ByteSource, range: Range): Member {
  const source = cabinetAt(program, range);
  return {
    name: "engine-signature",
    claimedBytes: source.sizeBytes,
    range: { source, offsetInParentBytes: range.start },
    content: () => source.stream(),
  };
}

function report(context: OpenContext, because: string, member?: string): void {
  context.report({
    check: "structure",
    outcome: "fail",
    because,
    facts: {},
    ...(member !== undefined && { member }),
  });
}
