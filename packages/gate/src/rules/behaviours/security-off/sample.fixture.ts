import { type BehaviourSample, scriptFile, windowsFile } from "../behaviour.fixture.ts";

export const sample: BehaviourSample = {
  shows: [
    scriptFile("a.ps1", "Add-MpPreference -ExclusionPath $env:TEMP\n"),
    windowsFile({ form: "library", names: ["AmsiScanBuffer"] }),
  ],
  lacks: [scriptFile("a.ps1", "Get-MpPreference\n"), scriptFile("a.sh", "getenforce\n")],
};
