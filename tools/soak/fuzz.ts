/**
 * Damages ordinary and signed files of every format and scheme, seed by seed, takes them apart as the parser process
 * does and decides on them with every signer accepted. The answer is evidence, and no damaged file is admitted:
 * anything else, a file that takes too long or too much memory, and any write outside the scratch folder is a defect.
 * @module
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Evidence } from "@sallyport/core";
import { mutate, sequence } from "./mutate.ts";
import { collectSamples, type Sample } from "./samples.ts";
import { takeApart, verdictOn } from "./take-apart.ts";

/** The budget's time, and what one step between two looks at the clock may take on a busy machine. */
const MOST_MILLISECONDS = 15_000;
const MOST_RESIDENT_BYTES = 1.5 * 1024 ** 3;
const REPORT_MILLISECONDS = 10_000;

interface Figures {
  inputs: number;
  evidence: number;
  notPass: number;
  /** Only bytes that the signature does not speak for were changed. */
  admittedUncovered: number;
  slowestMilliseconds: number;
  slowest: string;
  peakResidentMebibytes: number;
  readonly byFormat: Record<string, number>;
}

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    inputs: { type: "string" },
    seed: { type: "string", default: "1" },
    step: { type: "string", default: "1" },
  },
});
const samples = await collectSamples();
const folder = mkdtempSync(join(tmpdir(), "sallyport-fuzz-"));
// From here on nothing may be written but there, as in the parser process.
const inputs = values.inputs === undefined ? Number.POSITIVE_INFINITY : Number(values.inputs);
const milliseconds = values.inputs === undefined ? Number(values.seconds) * 1000 : Number.POSITIVE_INFINITY;
try {
  console.log(`admitted when whole: ${(await admittedWhole()).join(", ")}`);
  console.log(
    JSON.stringify(
      await fuzz({ inputs, milliseconds, seed: Number(values.seed), step: Number(values.step) }),
    ),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Signed files that are admitted as they are: that none is when it is damaged says something about these. */
async function admittedWhole(): Promise<string[]> {
  const names: string[] = [];
  for (const sample of samples.filter(({ signed }) => signed !== undefined)) {
    const verdict = await verdictOn(await takeApart(sample.bytes, sample, folder), sample);
    if (verdict === "admit") names.push(sample.name);
  }
  return names;
}

interface Run {
  readonly inputs: number;
  readonly milliseconds: number;
  readonly seed: number;
  /** Several processes share the seeds. */
  readonly step: number;
}

/** @throws Error naming the sample and the seed that make the defect come again */
async function fuzz(run: Run): Promise<Figures> {
  const figures: Figures = {
    inputs: 0,
    evidence: 0,
    notPass: 0,
    admittedUncovered: 0,
    slowestMilliseconds: 0,
    slowest: "",
    peakResidentMebibytes: 0,
    byFormat: {},
  };
  const end = performance.now() + run.milliseconds;
  let reportAt = performance.now() + REPORT_MILLISECONDS;
  for (let { seed } = run; performance.now() < end && figures.inputs < run.inputs; seed += run.step) {
    const sample = samples[seed % samples.length];
    if (sample === undefined) throw new Error("there are no samples");
    await judge(sample, seed, figures);
    if (performance.now() < reportAt) continue;
    reportAt = performance.now() + REPORT_MILLISECONDS;
    console.log(`${figures.inputs} inputs, seed ${seed}`);
  }
  return figures;
}

async function judge(sample: Sample, seed: number, figures: Figures): Promise<void> {
  const random = sequence(seed);
  const other = samples[random(samples.length)]?.bytes ?? sample.bytes;
  const bytes = mutate(sample.bytes, other, random);
  const name = `${sample.name}, seed ${seed}`;
  const started = performance.now();
  const evidence = await take(bytes, { sample, name }, figures);
  const took = performance.now() - started;
  const resident = process.resourceUsage().maxRSS * 1024;
  if (took > MOST_MILLISECONDS) throw new Error(`${name}: took ${Math.round(took)} ms`);
  if (resident > MOST_RESIDENT_BYTES) throw new Error(`${name}: ${resident} bytes are resident`);
  figures.inputs += 1;
  figures.evidence += evidence.length;
  figures.notPass += Number(evidence.some(({ outcome }) => outcome !== "pass"));
  figures.peakResidentMebibytes = Math.round(resident / 1024 ** 2);
  if (took <= figures.slowestMilliseconds) return;
  figures.slowestMilliseconds = Math.round(took);
  figures.slowest = name;
}

async function take(
  bytes: Buffer,
  { sample, name }: { readonly sample: Sample; readonly name: string },
  figures: Figures,
): Promise<readonly Evidence[]> {
  const taken = await takeApart(bytes, sample, folder).catch((cause) => {
    throw new Error(`${name}: thrown on`, { cause });
  });
  const { evidence, members } = taken;
  for (const { format } of members) figures.byFormat[format] = (figures.byFormat[format] ?? 0) + 1;
  const defect = evidence.find(({ facts }) => facts.code === "parser.failed");
  if (defect !== undefined) throw new Error(`${name}: ${defect.path ?? "the file"}: ${defect.facts.error}`);
  if (evidence.length === 0) throw new Error(`${name}: ended without any evidence`);
  if (!bytes.equals(sample.bytes) && (await verdictOn(taken, sample)) === "admit") {
    if (isDamaged(bytes, sample)) throw new Error(`${name}: a damaged file is admitted`);
    figures.admittedUncovered += 1;
  }
  return evidence;
}

/** A signature may leave bytes out, as Authenticode leaves out a checksum; those it speaks for must be the same. */
function isDamaged(bytes: Buffer, { bytes: whole, signed }: Sample): boolean {
  if (signed === undefined || bytes.length !== whole.length) return true;
  return signed.covered.some(([from, to]) => !bytes.subarray(from, to).equals(whole.subarray(from, to)));
}
