import { type BehaviourSample, windowsFile } from "../behaviour.fixture.ts";

export const sample: BehaviourSample = {
  shows: [windowsFile({ form: "library", names: ["VirtualProtect"], code: "80340857ffc13bca7cf5c3" })],
  lacks: [
    windowsFile({
      form: "library",
      names: ["VirtualProtect"],
      code: "8034085790909090c3c3c3c3c3c3c3c3c3c3c3c3",
    }),
    windowsFile({
      form: "library",
      names: ["VirtualProtect"],
      code: "80340857ffc13bca7cf5c3",
      isForArm: true,
    }),
    windowsFile({ form: "library", names: ["CreateFileW"], code: "80340857ffc13bca7cf5c3" }),
  ],
};
