import { type BehaviourSample, scriptFile, windowsFile } from "../behaviour.fixture.ts";

export const sample: BehaviourSample = {
  shows: [
    scriptFile("setup.js", "fs.unlinkSync(__filename);\n"),
    windowsFile({ form: "library", wide: ['cmd.exe /c ping 127.0.0.1 -n 3 > nul & del /f /q "%s"'] }),
  ],
  lacks: [scriptFile("a.js", 'fs.unlinkSync(path.join(__dirname, "cache.json"));\n')],
};
