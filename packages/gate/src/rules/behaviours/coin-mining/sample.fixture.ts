import { type BehaviourSample, linuxFile, scriptFile } from "../behaviour.fixture.ts";

export const sample: BehaviourSample = {
  shows: [
    scriptFile("preinstall.sh", "./jsextension -o stratum+tcp://pool.example:3333 -u 4 -p x\n"),
    linuxFile({ form: "program", names: ["xmrig", "--donate-level"] }),
  ],
  lacks: [scriptFile("a.sh", "echo randomx\n")],
};
