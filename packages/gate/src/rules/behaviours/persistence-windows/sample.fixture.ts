import { type BehaviourSample, scriptFile, windowsFile } from "../behaviour.fixture.ts";

export const sample: BehaviourSample = {
  shows: [
    windowsFile({
      form: "library",
      names: ["RegSetValueExW"],
      wide: ["Software\\Microsoft\\Windows\\CurrentVersion\\Run"],
    }),
    scriptFile("a.js", 'execSync("schtasks /create /sc minute /tn Update /tr " + file);\n'),
  ],
  lacks: [
    windowsFile({
      form: "library",
      names: ["RegOpenKeyExW"],
      wide: ["Software\\Microsoft\\Windows\\CurrentVersion\\Run"],
    }),
    windowsFile({
      form: "program",
      names: ["RegSetValueExW"],
      wide: ["Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall"],
    }),
  ],
};
