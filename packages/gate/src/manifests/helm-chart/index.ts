/** Helm charts: a tar whose folder holds `Chart.yaml`. Source: Helm, charts, "The Chart.yaml File". @module */

import { purlOf } from "../../components/package-url.ts";
import type { Conclusion, ContainerContents, Manifest } from "../manifest.ts";
import { readPlainYaml } from "../plain-yaml.ts";

/** Charts inside a chart lie deeper. */
const CHART = /^(?:\.\/)?[^/]+\/Chart\.yaml$/;

export const helmChart: Manifest = {
  id: "helm-chart",
  title: "Helm chart",
  document: "Helm, charts",
  containers: ["tar"],
  wants: (name) => (CHART.test(name) ? { heldBytes: 256 * 1024 } : undefined),
  conclude,
};

function conclude({ members }: ContainerContents): Conclusion | undefined {
  const found = [...members].filter(([name]) => CHART.test(name));
  const [[, { bytes }] = ["", { bytes: undefined }]] = found;
  if (bytes === undefined || found.length !== 1) return undefined;
  const { texts } = readPlainYaml(bytes.toString("utf8"));
  const product = texts.get("name");
  const version = texts.get("version");
  if (product === undefined || version === undefined || !texts.has("apiVersion")) return undefined;
  return {
    format: "helm-chart",
    identity: { product, version },
    identifiers: [purlOf({ type: "helm", name: product, version })],
  };
}
