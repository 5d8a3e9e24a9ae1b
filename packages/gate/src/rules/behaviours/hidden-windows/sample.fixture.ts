import { type BehaviourSample, scriptFile, windowsFile } from "../behaviour.fixture.ts";

export const sample: BehaviourSample = {
  shows: [
    windowsFile({ form: "library", wide: ["powershell.exe -w hidden -File a.ps1"] }),
    scriptFile("a.vbs", 'Set shell = CreateObject("WScript.Shell")\nshell.Run "cmd /c a.bat", 0, False\n'),
  ],
  lacks: [
    scriptFile("a.vbs", 'Set shell = CreateObject("WScript.Shell")\nshell.Run "notepad.exe", 1, True\n'),
  ],
};
