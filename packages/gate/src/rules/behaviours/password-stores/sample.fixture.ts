import { type BehaviourSample, scriptFile, windowsFile } from "../behaviour.fixture.ts";

export const sample: BehaviourSample = {
  shows: [
    windowsFile({ form: "library", names: ["VaultOpenVault", "VaultEnumerateItems"] }),
    scriptFile("tools/save.ps1", "reg save HKLM\\SAM C:\\out\\sam.hive\n"),
    windowsFile({ form: "program", names: ["CredEnumerateW", "CryptUnprotectData"] }),
  ],
  lacks: [windowsFile({ form: "program", names: ["CredReadW", "CryptProtectData", "MiniDumpWriteDump"] })],
};
