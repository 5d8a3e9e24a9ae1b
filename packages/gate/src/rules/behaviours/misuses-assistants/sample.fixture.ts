import { type BehaviourSample, scriptFile } from "../behaviour.fixture.ts";

export const sample: BehaviourSample = {
  shows: [
    scriptFile(
      "telemetry.js",
      'const tools = { claude: ["--dangerously-skip-permissions", "-p", PROMPT], gemini: ["--yolo", "-p", PROMPT] };\n',
    ),
  ],
  lacks: [
    scriptFile("run.js", 'spawn("claude", ["--dangerously-skip-permissions", "-p", "fix the tests"]);\n'),
  ],
};
