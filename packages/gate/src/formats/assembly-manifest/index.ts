/**
 * Manifests of Windows: what a program or a ClickOnce application is made of, as XML. A leaf: the files that it lists
 * lie beside it. Sources: Microsoft Learn, "Assembly manifests"; "ClickOnce application manifest",
 * "ClickOnce deployment manifest".
 * @module
 */

import { type ByteSource, hasCode, readExactly } from "@sallyport/core";
import type { Identity } from "../../artifact.ts";
import { onlyElement } from "../../xml/element.ts";
import { readXml } from "../../xml/read-xml.ts";
import type { Format, Glimpse } from "../format.ts";

export const MAX_MANIFEST_BYTES = 16 * 1024 * 1024;
const NAMESPACE = "urn:schemas-microsoft-com:asm.v1";
/** What may stand before the first element: a declaration and comments. */
const START =
  /^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--(?:[^-]|-(?!->))*-->\s*)*<(?:[A-Za-z_][\w.-]*:)?assembly\s([^>]*)>/;

export const assemblyManifest: Format = {
  id: "assembly-manifest",
  title: "Windows assembly manifest",
  document: "Microsoft Learn, Assembly manifests; ClickOnce application and deployment manifests",
  recognise,
  identify,
};

function recognise({ head }: Glimpse): boolean {
  if (head.length === 0 || !"\xef< \r\n\t".includes(String.fromCharCode(head.readUInt8(0)))) return false;
  return START.exec(head.toString("latin1"))?.[1]?.includes(NAMESPACE) ?? false;
}

/** The identity right inside the root is that of the whole; those further inside are of what it needs. */
async function identify(source: ByteSource): Promise<Identity> {
  const bytes = await readExactly(source, 0, Math.min(source.sizeBytes, MAX_MANIFEST_BYTES), "manifest");
  const attributes = readIdentity(bytes);
  const [product, version, architecture] = ["name", "version", "processorArchitecture"].map((name) =>
    attributes?.get(name),
  );
  return {
    ...(product && { product }),
    ...(version && { version }),
    ...(architecture &&
      !["msil", "neutral", "*"].includes(architecture) && { architecture: spelled(architecture) }),
  };
}

/** Windows reads manifests more leniently; what is no XML says nothing of itself, and is a leaf all the same. */
function readIdentity(bytes: Buffer): ReadonlyMap<string, string> | undefined {
  try {
    return onlyElement(readXml(bytes), "assemblyIdentity")?.attributes;
  } catch (error) {
    if (hasCode(error, "artifact.malformed", "artifact.unsupported", "artifact.over-limit")) return undefined;
    throw error;
  }
}

const spelled = (architecture: string): string => {
  const name = architecture.toLowerCase();
  return name === "amd64" ? "x64" : name;
};
