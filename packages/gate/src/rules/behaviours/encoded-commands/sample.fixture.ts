import { type BehaviourSample, scriptFile, windowsFile } from "../behaviour.fixture.ts";

export const sample: BehaviourSample = {
  shows: [
    windowsFile({ form: "program", wide: ["powershell.exe -NoProfile -enc SQBFAFgA"] }),
    scriptFile("a.py", 'exec(base64.b64decode("cHJpbnQoMSk="))\n'),
    scriptFile("postinst.sh", 'echo "$text" | base64 -d | sh\n'),
  ],
  lacks: [
    scriptFile("a.ps1", "powershell -ExecutionPolicy Bypass -File build.ps1\n"),
    scriptFile("a.js", 'const data = Buffer.from(text, "base64");\nconst make = new Function("return 1");\n'),
  ],
};
