import { addResource } from "../edit/pe-resource.ts";
import { noise, words } from "../filling.ts";
import { editFile, mainFile } from "../release.ts";
import type { Technique } from "../technique.ts";

export const resourcePayload: Technique = {
  id: "resource-payload",
  title: "Encrypted data in a new resource",
  shape: "ASUS Live Update, 2018: the updater's resource carried the payload (Kaspersky, ShadowHammer)",
  kind: "windows",
  least: "medium",
  attack: ({ after }, world) =>
    editFile(after, mainFile(after, "pe"), (image) =>
      world.sign(addResource(image, [10, 4242, 1033], noise(131_072))),
    ),
  twinTitle: "a new resource of text",
  twin: ({ after }, world) =>
    editFile(after, mainFile(after, "pe"), (image) =>
      world.sign(addResource(image, [10, 4242, 1033], words(4096))),
    ),
};
