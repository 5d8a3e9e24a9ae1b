import { type BehaviourSample, scriptFile, windowsFile } from "../behaviour.fixture.ts";

export const sample: BehaviourSample = {
  shows: [
    windowsFile({
      form: "library",
      names: ["GetModuleFileNameW", "CreateFileW", "ReadFile", "VirtualProtect"],
      wide: ["d3dcompiler_47.dll"],
      code: "813efeedface7405",
    }),
    scriptFile(
      "main.js",
      'const raw = fs.readFileSync(path.join(__dirname, "icon.png"));\nnew Function(raw.subarray(raw.lastIndexOf("IEND") + 8).toString())();\n',
    ),
  ],
  lacks: [
    windowsFile({
      form: "library",
      names: ["GetModuleFileNameW", "CreateFileW", "ReadFile", "VirtualProtect", "LoadLibraryW"],
      wide: ["helper.dll"],
    }),
    scriptFile("a.js", 'const icon = fs.readFileSync("icon.png");\nsend(icon.length);\n'),
  ],
};
