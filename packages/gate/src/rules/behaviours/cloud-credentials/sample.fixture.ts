import { type BehaviourSample, scriptFile } from "../behaviour.fixture.ts";

export const sample: BehaviourSample = {
  shows: [
    scriptFile("lib/a.py", 'url = "http://169.254.169.254/latest/meta-data/iam/security-credentials/"\n'),
  ],
  lacks: [scriptFile("lib/a.py", 'LINK_LOCAL = ip_network("169.254.0.0/16")\n')],
};
