import { type BehaviourSample, macFile, scriptFile } from "../behaviour.fixture.ts";

export const sample: BehaviourSample = {
  shows: [
    macFile({ form: "library", names: ["%s/Library/LaunchAgents/%s.plist", "RunAtLoad"] }),
    scriptFile(
      "a.js",
      'const agents = path.join(os.homedir(), "Library", "LaunchAgents");\nexecFile("launchctl", ["load", file]);\n',
    ),
  ],
  lacks: [macFile({ form: "program", names: ["_SMAppServiceErrorDomain", "RunAtLoad"] })],
};
