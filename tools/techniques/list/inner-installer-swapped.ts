import { writeMsi } from "@sallyport/gate/replica";
import { program } from "../filling.ts";
import { type Release, withFile } from "../release.ts";
import type { Technique } from "../technique.ts";

const PATH = "setup/runtime.msi";

const innerOf = (product: string, version: string, company: string, content: Buffer): Buffer =>
  writeMsi({ product, company, version, folder: product, files: [{ name: "runtime.dll", content }] });

export const innerInstallerSwapped: Technique = {
  id: "inner-installer-swapped",
  title: "Another product's installer in the place of the inner one",
  shape:
    "installers swapped inside a bundle: CyberLink's LambLoad, 2023 (Microsoft); JAVS Viewer, 2024 (Rapid7)",
  kind: "windows",
  least: "high",
  prepare: (release, world) =>
    withFile(
      release,
      PATH,
      innerOf("Example Runtime", "2.0.0", "Example Software Ltd", world.sign(program())),
    ),
  attack: ({ after }) =>
    withFile(after, PATH, innerOf("Remote Helper", "1.0.0", "Another Example Company", program(2))),
  twinTitle: "the next version of the inner installer",
  twin: ({ after }, world): Release =>
    withFile(
      after,
      PATH,
      innerOf("Example Runtime", "2.0.1", "Example Software Ltd", world.sign(program(2))),
    ),
};
