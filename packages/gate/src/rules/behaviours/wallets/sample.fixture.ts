import { type BehaviourSample, scriptFile, windowsFile } from "../behaviour.fixture.ts";

export const sample: BehaviourSample = {
  shows: [
    windowsFile({ form: "library", names: ["exodus.wallet", "Electrum\\wallets"] }),
    scriptFile(
      "dist/index.js",
      "const kinds = [/0x[a-fA-F0-9]{40}/, /bc1[a-z0-9]{39}/];\nwindow.fetch = async (...all) => swap(kinds, await real(...all));\n",
    ),
  ],
  lacks: [scriptFile("lib/validate.js", "module.exports = (text) => /^0x[a-fA-F0-9]{40}$/.test(text);\n")],
};
