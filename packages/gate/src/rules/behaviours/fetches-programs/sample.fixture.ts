import { type BehaviourSample, scriptFile } from "../behaviour.fixture.ts";

export const sample: BehaviourSample = {
  shows: [
    scriptFile(
      "install.js",
      "https.get(url, (r) => r.pipe(fs.createWriteStream(file)));\nfs.chmodSync(file, 0o755);\nchild_process.execFileSync(file);\n",
    ),
  ],
  lacks: [scriptFile("install.js", "https.get(url, (r) => r.pipe(fs.createWriteStream(file)));\n")],
};
