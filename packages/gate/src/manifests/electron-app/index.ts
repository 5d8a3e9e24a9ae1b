/** Electron applications: the `package.json` at the root of their asar. Source: Electron, application packaging. @module */

import type { Conclusion, ContainerContents, Manifest } from "../manifest.ts";
import { readPackageJson } from "../package-json.ts";

const PACKAGE = "package.json";

export const electronApp: Manifest = {
  id: "electron-app",
  title: "Electron application",
  document: "Electron, application packaging",
  containers: ["asar"],
  wants: (name) => (name === PACKAGE ? { heldBytes: 1024 * 1024 } : undefined),
  conclude,
};

/** The archive keeps its name: it is one part of the application. */
function conclude({ members }: ContainerContents): Conclusion | undefined {
  const bytes = members.get(PACKAGE)?.bytes;
  const identity = bytes === undefined ? undefined : readPackageJson(bytes, ["productName", "name"]);
  return identity === undefined ? undefined : { identity };
}
