import { type BehaviourSample, linuxFile, scriptFile, windowsFile } from "../behaviour.fixture.ts";

export const sample: BehaviourSample = {
  shows: [
    windowsFile({ form: "library", names: ["ReflectiveLoader"] }),
    scriptFile(
      "setup.ps1",
      "$bytes = [Convert]::FromBase64String($text)\n[System.Reflection.Assembly]::Load($bytes).EntryPoint.Invoke($null, $null)\n",
    ),
    linuxFile({ form: "library", names: ["memfd_create", "fexecve"] }),
  ],
  lacks: [
    linuxFile({ form: "library", names: ["memfd_create", "mmap"] }),
    scriptFile("lib/a.py", 'libc = ctypes.CDLL("libc.so.6")\nlibc.memmove(a, b, 4)\n'),
  ],
};
