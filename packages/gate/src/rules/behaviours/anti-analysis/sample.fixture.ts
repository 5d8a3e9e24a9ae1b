import { type BehaviourSample, windowsFile } from "../behaviour.fixture.ts";

export const sample: BehaviourSample = {
  shows: [
    windowsFile({
      form: "library",
      names: ["VMwareVMware", "SbieDll.dll"],
      wide: ["wireshark.exe", "procmon.exe"],
    }),
  ],
  lacks: [
    windowsFile({ form: "library", names: ["IsDebuggerPresent", "VMwareVMware"], wide: ["windbg.exe"] }),
  ],
};
