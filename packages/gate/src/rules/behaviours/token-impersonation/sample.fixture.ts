import { type BehaviourSample, windowsFile } from "../behaviour.fixture.ts";

export const sample: BehaviourSample = {
  shows: [
    windowsFile({
      form: "library",
      names: ["OpenProcessToken", "DuplicateTokenEx", "CreateProcessWithTokenW"],
      wide: ["SeDebugPrivilege"],
    }),
  ],
  lacks: [
    windowsFile({
      form: "library",
      names: ["OpenProcessToken", "AdjustTokenPrivileges"],
      wide: ["SeShutdownPrivilege"],
    }),
  ],
};
