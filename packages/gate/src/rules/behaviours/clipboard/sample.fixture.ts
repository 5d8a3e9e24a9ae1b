import { type BehaviourSample, scriptFile, windowsFile } from "../behaviour.fixture.ts";

export const sample: BehaviourSample = {
  shows: [
    windowsFile({
      form: "library",
      names: [
        "GetClipboardData",
        "SetClipboardData",
        "^(bc1|[13])[a-zA-HJ-NP-Z0-9]{25,39}$",
        "0x[a-fA-F0-9]{40}",
      ],
    }),
    scriptFile("a.py", "requests.post(url, data=pyperclip.paste())\n"),
  ],
  lacks: [
    windowsFile({ form: "program", names: ["GetClipboardData", "SetClipboardData"] }),
    scriptFile("a.js", "await navigator.clipboard.writeText(text);\n"),
  ],
};
