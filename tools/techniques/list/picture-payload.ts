import { noise, picture } from "../filling.ts";
import { type Release, withFile } from "../release.ts";
import type { Technique } from "../technique.ts";

const PATH = "assets/logo-large.png";

export const picturePayload: Technique = {
  id: "picture-payload",
  title: "Data behind the end of a picture",
  shape: "icon13.ico of 3CX, 2023 (Volexity); apicolor, 2022 (Check Point)",
  kind: "electron",
  least: "high",
  prepare: (release): Release => withFile(release, PATH, picture("first")),
  attack: ({ after }) =>
    withFile(after, PATH, Buffer.concat([picture("first"), Buffer.from("$"), noise(20_000)])),
  twinTitle: "another picture",
  twin: ({ after }) => withFile(after, PATH, picture("second picture, drawn anew")),
};
