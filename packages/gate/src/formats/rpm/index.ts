/**
 * RPM packages of the versions 3, 4 and 6. What the package runs and every file it installs becomes a member.
 * Digests and signatures are the scheme `rpm`'s matter. Sources: RPM manual, "V3", "V4" and "V6 Package format".
 * @module
 */

import type { ByteSource, Identifier } from "@sallyport/core";
import type { Identity } from "../../artifact.ts";
import { rpmIdentifier } from "../../components/distribution-package/rpm-name.ts";
import type { Format, Glimpse, Member, OpenContext } from "../format.ts";
import type { RpmHeader } from "./header.ts";
import { LEAD_BYTES, LEAD_MAGIC, readPackage } from "./package.ts";
import { openPayload } from "./payload.ts";
import { SCRIPTLETS, TAG } from "./tags.ts";

export const rpm: Format = {
  id: "rpm",
  title: "RPM package",
  document: "RPM manual: V3, V4 and V6 Package format",
  recognise: ({ head }: Glimpse) => head.length >= LEAD_BYTES && head.readUInt32BE(0) === LEAD_MAGIC,
  open: openRpm,
};

async function* openRpm(source: ByteSource, context: OpenContext): AsyncGenerator<Member> {
  const found = await readPackage(source, context.maxHeldBytes);
  for (const { because, facts } of found.lies)
    context.report({ check: "structure", outcome: "fail", because, facts });
  context.claimIdentity(identityOf(found.header), identifiersOf(found.header));
  yield* scriptletsOf(found.header);
  for await (const member of openPayload(found, context)) yield { ...member, unpackedOn: "unix" };
}

/** Programs that rpm(8) runs as root; named as spec files name them, which no path in a package begins like. */
function* scriptletsOf(header: RpmHeader): Generator<Member> {
  for (const [tag, name] of SCRIPTLETS) {
    const texts = header.strings(tag) ?? [];
    for (const [at, text] of texts.entries()) {
      const bytes = Buffer.from(text);
      yield {
        name: texts.length === 1 ? name : `${name}-${at + 1}`,
        claimedBytes: bytes.length,
        // Its interpreter stands in a tag beside it, so that it needs no first line that says so.
        knownFormat: "script",
        content: async function* () {
          yield bytes;
        },
      };
    }
  }
}

function identifiersOf(header: RpmHeader): Identifier[] {
  const [name = "", version = "", release = ""] = [TAG.name, TAG.version, TAG.release].map((tag) =>
    header.string(tag),
  );
  if (name === "" || version === "") return [];
  return [
    rpmIdentifier({
      name,
      version: release === "" ? version : `${version}-${release}`,
      vendor: header.string(TAG.vendor) ?? "",
      epoch: header.number(TAG.epoch),
      architecture: header.has(TAG.sourcePackage) ? (header.string(TAG.architecture) ?? "") : "src",
      sourcePackage: header.string(TAG.sourcePackage) ?? "",
    }),
  ];
}

function identityOf(header: RpmHeader): Identity {
  const text = (tag: number) => header.string(tag) ?? "";
  const epoch = header.number(TAG.epoch);
  const release = text(TAG.release);
  const version = `${epoch === undefined ? "" : `${epoch}:`}${text(TAG.version)}${release && `-${release}`}`;
  // Only what was built from a source package names one.
  const architecture = header.has(TAG.sourcePackage) ? text(TAG.architecture) : "source";
  const company = text(TAG.vendor) || text(TAG.packager).replace(/ *<[^>]*>.*$/, "");
  const claims: [keyof Identity, string][] = [
    ["product", text(TAG.name)],
    ["version", version],
    ["architecture", architecture],
    ["company", company],
  ];
  return Object.fromEntries(claims.filter(([, value]) => value !== ""));
}
