import { type BehaviourSample, scriptFile, windowsFile } from "../behaviour.fixture.ts";

export const sample: BehaviourSample = {
  shows: [
    windowsFile({
      form: "library",
      names: [
        "GetAsyncKeyState",
        "GetForegroundWindow",
        "GetWindowTextW",
        "MapVirtualKeyW",
        "SetWindowsHookExW",
      ],
    }),
    scriptFile(
      "a.py",
      "from pynput import keyboard\nwith keyboard.Listener(on_press=note) as listener:\n    listener.join()\n",
    ),
  ],
  lacks: [
    windowsFile({ form: "program", names: ["GetAsyncKeyState", "GetForegroundWindow"] }),
    scriptFile("a.js", 'window.addEventListener("keydown", move);\n'),
  ],
};
