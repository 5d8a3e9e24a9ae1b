import { type BehaviourSample, linuxFile, windowsFile } from "../behaviour.fixture.ts";

export const sample: BehaviourSample = {
  shows: [
    windowsFile({ form: "library", wide: ["cmd.exe /c whoami"] }),
    linuxFile({ form: "library", names: ["/bin/sh", "system"] }),
  ],
  lacks: [
    windowsFile({ form: "library", wide: ["cmd.exe"] }),
    linuxFile({ form: "library", names: ["/bin/sh"] }),
  ],
};
