import { type BehaviourSample, scriptFile, windowsFile } from "../behaviour.fixture.ts";

export const sample: BehaviourSample = {
  shows: [
    windowsFile({ form: "program", wide: ["vssadmin.exe delete shadows /all /quiet"] }),
    scriptFile("a.js", "fs.rmSync(os.homedir(), { recursive: true });\n"),
  ],
  lacks: [
    scriptFile("a.sh", 'rm -rf "$HOME/.cache/example"\nrm -rf /tmp/a\n'),
    scriptFile("a.js", 'fs.rmSync(path.join(os.homedir(), ".cache"), { recursive: true });\n'),
  ],
};
