import { type BehaviourSample, scriptFile, windowsFile } from "../behaviour.fixture.ts";

export const sample: BehaviourSample = {
  shows: [
    scriptFile(
      "index.js",
      'const store = path.join(process.env.APPDATA, "discord", "Local Storage", "leveldb");\n',
    ),
    windowsFile({ form: "program", wide: ["\\Telegram Desktop\\tdata"] }),
  ],
  lacks: [
    scriptFile(
      "index.js",
      'client.login(process.env.DISCORD_TOKEN);\nlocalStorage.setItem("slack", "on");\n',
    ),
  ],
};
