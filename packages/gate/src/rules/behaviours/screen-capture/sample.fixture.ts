import { type BehaviourSample, scriptFile, windowsFile } from "../behaviour.fixture.ts";

export const sample: BehaviourSample = {
  shows: [
    windowsFile({
      form: "library",
      names: ["GetDesktopWindow", "BitBlt", "GetDIBits", "CreateCompatibleBitmap"],
    }),
    scriptFile("a.py", 'from PIL import ImageGrab\nImageGrab.grab().save("a.png")\n'),
  ],
  lacks: [
    windowsFile({ form: "library", names: ["BitBlt", "CreateCompatibleBitmap"] }),
    scriptFile("a.js", 'await page.screenshot({ path: "a.png" });\n'),
  ],
};
