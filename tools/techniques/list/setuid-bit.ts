import { mainFile, type Release } from "../release.ts";
import type { Technique } from "../technique.ts";

function withMode(release: Release, mode: number): Release {
  const path = mainFile(release, "elf");
  const files = new Map(release.files);
  const file = files.get(path);
  if (file !== undefined) files.set(path, { ...file, mode });
  return { ...release, files };
}

export const setuidBit: Technique = {
  id: "setuid-bit",
  title: "Setuid bit on a program that had none",
  shape: "ATT&CK T1548.001, Setuid and Setgid",
  kind: "debian",
  least: "high",
  attack: ({ after }) => withMode(after, 0o4755),
  twinTitle: "a library that became executable",
  twin: ({ after }) => withMode(after, 0o755),
};
