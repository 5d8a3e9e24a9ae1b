import { type BehaviourSample, macFile, scriptFile } from "../behaviour.fixture.ts";

export const sample: BehaviourSample = {
  shows: [
    macFile({ form: "library", names: ["/usr/bin/security find-generic-password -wa Chrome"] }),
    scriptFile("lib/a.js", 'execFile("security", ["find-generic-password", "-w"], done);\n'),
  ],
  lacks: [
    macFile({ form: "library", names: ["SecItemAdd", "SecItemCopyMatching", "kSecClassGenericPassword"] }),
  ],
};
