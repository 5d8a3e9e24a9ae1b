import { type BehaviourSample, dataFile, windowsFile } from "../behaviour.fixture.ts";

export const sample: BehaviourSample = {
  shows: [
    windowsFile({ form: "library", names: ["kernel32.dll"], code: "65488b042560000000488b4018488b4020" }),
    dataFile("icon.bin", "fc4883e4f0e8c000000041c1c90d4101c1"),
  ],
  lacks: [
    windowsFile({ form: "library", names: ["kernel32.dll"], code: "65488b042560000000488b48208b4108" }),
  ],
};
