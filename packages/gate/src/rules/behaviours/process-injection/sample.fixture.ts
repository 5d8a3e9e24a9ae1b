import { type BehaviourSample, linuxFile, macFile, windowsFile } from "../behaviour.fixture.ts";

export const sample: BehaviourSample = {
  shows: [
    windowsFile({ form: "library", names: ["VirtualAllocEx", "WriteProcessMemory", "CreateRemoteThread"] }),
    linuxFile({ form: "program", names: ["ptrace", "process_vm_writev", "/proc/%d/maps"] }),
    macFile({
      form: "library",
      names: ["_task_for_pid", "_mach_vm_allocate", "_mach_vm_write", "_thread_create_running"],
    }),
  ],
  lacks: [
    windowsFile({ form: "library", names: ["VirtualAlloc", "WriteFile", "CreateThread"] }),
    linuxFile({ form: "library", names: ["ptrace", "/proc/self/maps"] }),
  ],
};
