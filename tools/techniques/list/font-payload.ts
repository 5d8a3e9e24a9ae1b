import { font, noise, words } from "../filling.ts";
import { type Release, withFile } from "../release.ts";
import type { Technique } from "../technique.ts";

const PATH = "assets/example-sans.ttf";

export const fontPayload: Technique = {
  id: "font-payload",
  title: "Font whose outlines turned into noise",
  shape: "ATT&CK T1027.009, Embedded Payloads; pictures in the 3CX case, 2023",
  kind: "electron",
  least: "medium",
  prepare: (release): Release => withFile(release, PATH, font(words(60_000))),
  attack: ({ after }) => withFile(after, PATH, Buffer.concat([font(words(60_000)), noise(60_000)])),
  twinTitle: "the font with a few more outlines",
  twin: ({ after }) => withFile(after, PATH, font(words(61_000))),
};
