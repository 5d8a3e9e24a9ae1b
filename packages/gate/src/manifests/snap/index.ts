/** Snaps: `meta/snap.yaml` in their image. Source: Snapcraft, "The snap format", snap.yaml. @module */

import type { Conclusion, ContainerContents, Manifest } from "../manifest.ts";
import { readPlainYaml } from "../plain-yaml.ts";

const DESCRIPTION = "meta/snap.yaml";

export const snap: Manifest = {
  id: "snap",
  title: "snap",
  document: "Snapcraft, the snap format",
  containers: ["snap"],
  wants: (name) => (name === DESCRIPTION ? { heldBytes: 256 * 1024 } : undefined),
  conclude,
};

function conclude({ members }: ContainerContents): Conclusion | undefined {
  const bytes = members.get(DESCRIPTION)?.bytes;
  if (bytes === undefined) return undefined;
  const { texts, firstItems } = readPlainYaml(bytes.toString("utf8"));
  const product = texts.get("name");
  const version = texts.get("version");
  if (product === undefined || version === undefined) return undefined;
  const architecture = firstItems.get("architectures");
  return {
    identity: { product, version, ...(architecture === undefined ? {} : { architecture }) },
    identifiers: [{ kind: "package-id", value: `snap:${product}` }],
  };
}
