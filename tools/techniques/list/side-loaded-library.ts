import { program } from "../filling.ts";
import { withFile } from "../release.ts";
import type { Technique } from "../technique.ts";

export const sideLoadedLibrary: Technique = {
  id: "side-loaded-library",
  title: "Library with a system library's name beside a signed program",
  shape: "winscard.dll beside TpmVscMgrSvr.exe, X_TRADER, 2022 (Symantec); ATT&CK T1574.001",
  kind: "windows",
  least: "high",
  attack: ({ after }, world) => withFile(after, "version.dll", world.sign(program(), "stranger")),
  twinTitle: "a new library with a name of its own, signed by the vendor",
  twin: ({ after }, world) => withFile(after, "reports.dll", world.sign(program())),
};
