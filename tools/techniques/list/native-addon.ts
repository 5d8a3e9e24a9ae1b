import { buildElf } from "../../../packages/gate/src/formats/elf/elf.fixture.ts";
import { noise } from "../filling.ts";
import { withFile } from "../release.ts";
import type { Technique } from "../technique.ts";

export const nativeAddon: Technique = {
  id: "native-addon",
  title: "Native addon in a package of scripts",
  shape: "eslint-config-prettier 8.10.1, 2025: node-gyp.dll (Socket); ua-parser-js, 2021: jsextension",
  kind: "javascript",
  least: "high",
  attack: ({ after }) =>
    withFile(
      after,
      "lib/parts.node",
      buildElf({ wide: true, littleEndian: true, overlay: noise(2000) }),
      0o755,
    ),
  twinTitle: "a new script",
  twin: ({ after }) => withFile(after, "lib/parts.js", `"use strict";\nmodule.exports = { parts: 4 };\n`),
};
