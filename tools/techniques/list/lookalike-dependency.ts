import { editManifest } from "../release.ts";
import type { Technique } from "../technique.ts";

const withDependency = (
  manifest: Record<string, unknown>,
  name: string,
  range: string,
): Record<string, unknown> => ({
  ...manifest,
  dependencies: { ...(manifest.dependencies as Record<string, string> | undefined), [name]: range },
});

export const lookalikeDependency: Technique = {
  id: "lookalike-dependency",
  title: "New dependency whose name looks like a well-known one",
  shape: "crossenv, 2017 (npm); plain-crypto-js in axios 1.14.1, 2026 (axios issue 10604)",
  kind: "javascript",
  least: "high",
  attack: ({ after }) => editManifest(after, (manifest) => withDependency(manifest, "expresss", "^4.18.2")),
  twinTitle: "a well-known new dependency",
  twin: ({ after }) => editManifest(after, (manifest) => withDependency(manifest, "express", "^4.18.2")),
};
