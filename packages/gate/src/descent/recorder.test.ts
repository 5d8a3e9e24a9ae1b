import type { Evidence } from "@sallyport/core";
import { expect, it } from "vitest";
import type { Finding } from "../finding.ts";
import { Recorder } from "./recorder.ts";

const weak: Finding = { check: "weak-digest", outcome: "fail", because: "rests on SHA-1", facts: {} };

function recorded(tell: (recorder: Recorder) => void): Evidence[] {
  const evidence: Evidence[] = [];
  const recorder = new Recorder((one) => evidence.push(one));
  tell(recorder);
  recorder.finish();
  return evidence.filter(({ source }) => source === "gate/checks/weak-digest");
}

it("does not lose what is found about the artifact itself behind hundreds of members", () => {
  const evidence = recorded((recorder) => {
    for (let index = 0; index < 300; index += 1) recorder.record(weak, `old-${index}.dll`);
    recorder.record({ ...weak, because: "the installer rests on SHA-1" }, "");
  });
  expect(evidence.filter(({ path }) => path === undefined).map(({ because }) => because)).toEqual([
    "the installer rests on SHA-1",
  ]);
});

it("does not blame the artifact itself for hundreds of members", () => {
  const evidence = recorded((recorder) => {
    for (let index = 0; index < 300; index += 1) recorder.record(weak, `old-${index}.dll`);
  });
  expect(evidence).toHaveLength(201);
  expect(evidence.at(-1)?.because).toBe("100 more of: rests on SHA-1");
  expect(evidence.every(({ path }) => path !== undefined)).toBe(true);
});
