import { type BehaviourSample, macFile, scriptFile } from "../behaviour.fixture.ts";

export const sample: BehaviourSample = {
  shows: [
    macFile({ form: "library", code: "5f0955361318081b0803553b0a0a1613191b0e1315145a290f0a0a15080e555f09" }),
    scriptFile("a.js", 'const name = Buffer.from("Y2hpbGRfcHJvY2Vzcw==", "base64").toString();\n'),
  ],
  lacks: [
    macFile({ form: "library", names: ["/Library/Application Support", "https://www.example.com"] }),
    scriptFile("a.js", 'const run = require("child_process");\n'),
  ],
};
