import { type BehaviourSample, scriptFile } from "../behaviour.fixture.ts";

export const sample: BehaviourSample = {
  shows: [
    scriptFile(
      "index.js",
      'const told = { h: os.hostname(), u: os.userInfo().username, d: __dirname };\nhttps.request(url, { method: "POST" }).end(JSON.stringify(told));\n',
    ),
  ],
  lacks: [scriptFile("index.js", "console.log(os.hostname(), os.userInfo().username, __dirname);\n")],
};
