import { type BehaviourSample, linuxFile, scriptFile, windowsFile } from "../behaviour.fixture.ts";

export const sample: BehaviourSample = {
  shows: [
    windowsFile({
      form: "library",
      names: ["CreateFileW"],
      wide: ["\\Google\\Chrome\\User Data\\Default", "Login Data"],
    }),
    scriptFile(
      "lib/telemetry.js",
      'const file = path.join(os.homedir(), "AppData/Local", "Google", "Chrome", "User Data", "Default", "Login Data");\n',
    ),
    linuxFile({ form: "library", names: [".mozilla/firefox", "key4.db"] }),
  ],
  lacks: [
    scriptFile(
      "lib/launch.js",
      'const chrome = "C:\\\\Program Files\\\\Google\\\\Chrome\\\\Application\\\\chrome.exe";\nspawn(chrome, ["--headless"]);\n',
    ),
    windowsFile({ form: "library", names: ["CreateFileW"], wide: ["Web Data Source", "Google Chrome"] }),
  ],
};
