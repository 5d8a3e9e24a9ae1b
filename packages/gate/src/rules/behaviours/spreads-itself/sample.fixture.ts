import { type BehaviourSample, scriptFile } from "../behaviour.fixture.ts";

export const sample: BehaviourSample = {
  shows: [
    scriptFile(
      "bundle.js",
      'pkg.scripts.postinstall = "node bundle.js";\nexecSync("npm publish", { env: { NPM_TOKEN: token } });\n',
    ),
    scriptFile("a.js", 'write(".github/workflows/build.yml", "env: { all: toJSON(secrets) }");\n'),
  ],
  lacks: [
    scriptFile(
      "release.js",
      'if (!process.env.NPM_TOKEN) throw new Error("no token");\nexecSync("npm publish");\n',
    ),
  ],
};
