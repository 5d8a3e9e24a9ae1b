import { addImports } from "../edit/pe.ts";
import { editFile, mainFile } from "../release.ts";
import type { Technique } from "../technique.ts";

const GRAVE = [
  "OpenProcess",
  "VirtualAllocEx",
  "VirtualProtectEx",
  "WriteProcessMemory",
  "CreateRemoteThread",
];

export const injectionImports: Technique = {
  id: "injection-imports",
  title: "Functions that write into other processes, imported for the first time",
  shape: "SUNSPOT, 2020 (CrowdStrike); ATT&CK T1055.002",
  kind: "windows",
  least: "high",
  attack: ({ after }, world) =>
    editFile(after, mainFile(after, "pe"), (image) => world.sign(addImports(image, "KERNEL32.dll", GRAVE))),
  twinTitle: "ordinary functions imported for the first time",
  twin: ({ after }, world) =>
    editFile(after, mainFile(after, "pe"), (image) =>
      world.sign(addImports(image, "KERNEL32.dll", ["GetTickCount64", "GetFileSizeEx", "FindFirstFileW"])),
    ),
};
