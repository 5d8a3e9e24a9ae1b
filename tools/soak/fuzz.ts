/**
 * Damages ordinary and signed files of every format, seed by seed, and takes them apart as the parser process does.
 * Whatever is in them, the answer is evidence: anything thrown, and any evidence that a parser failed, is a defect,
 * and so is a file that takes too long or too much memory.
 * @module
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Budget, type Evidence, MemorySource } from "@sallyport/core";
import { defaultTrust } from "@sallyport/gate";
import { descend } from "../../packages/gate/src/descent/descent.ts";
import { Spool } from "../../packages/gate/src/descent/spool.ts";
import { formats } from "../../packages/gate/src/formats/registry.ts";
import { signatureSchemes } from "../../packages/gate/src/signatures/registry.ts";
import { mutate, sequence } from "./mutate.ts";
import { collectSamples, type Sample } from "./samples.ts";

const LIMITS = { entries: 20_000, bytes: 256 * 1024 ** 2, depth: 8, milliseconds: 5_000 };
/** The budget's time, and what one step between two looks at the clock may take on a busy machine. */
const MOST_MILLISECONDS = 15_000;
const MOST_RESIDENT_BYTES = 1024 ** 3;
const REPORT_MILLISECONDS = 10_000;

interface Figures {
  inputs: number;
  evidence: number;
  notPass: number;
  slowestMilliseconds: number;
  slowest: string;
  peakResidentMebibytes: number;
  readonly byFormat: Record<string, number>;
}

const { values } = parseArgs({
  options: { seconds: { type: "string", default: "60" }, seed: { type: "string", default: "1" } },
});
const samples = await collectSamples();
const folder = mkdtempSync(join(tmpdir(), "sallyport-fuzz-"));
try {
  console.log(JSON.stringify(await fuzz(Number(values.seconds) * 1000, Number(values.seed))));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** @throws Error naming the sample and the seed that make the defect come again */
async function fuzz(milliseconds: number, firstSeed: number): Promise<Figures> {
  const figures: Figures = {
    inputs: 0,
    evidence: 0,
    notPass: 0,
    slowestMilliseconds: 0,
    slowest: "",
    peakResidentMebibytes: 0,
    byFormat: {},
  };
  const end = performance.now() + milliseconds;
  let reportAt = performance.now() + REPORT_MILLISECONDS;
  for (let seed = firstSeed; performance.now() < end; seed += 1) {
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
  const evidence = await take(bytes, name, figures);
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

async function take(bytes: Buffer, name: string, figures: Figures): Promise<readonly Evidence[]> {
  const evidence: Evidence[] = [];
  try {
    await descend(new MemorySource(bytes), {
      formats,
      schemes: signatureSchemes,
      budget: new Budget(LIMITS),
      trust: defaultTrust(),
      now: new Date("2026-06-01T00:00:00Z"),
      spool: new Spool(folder),
      brought: { label: "", signatures: [], keys: [] },
      maxHeldBytes: 128 * 1024 ** 2,
      listener: {
        at: () => undefined,
        recognised: (_path, format) => {
          figures.byFormat[format] = (figures.byFormat[format] ?? 0) + 1;
        },
        member: () => undefined,
        evidence: (seen) => evidence.push(seen),
      },
    });
  } catch (cause) {
    throw new Error(`${name}: thrown on`, { cause });
  }
  const defect = evidence.find(({ facts }) => facts.code === "parser.failed");
  if (defect !== undefined) throw new Error(`${name}: ${defect.path ?? "the file"}: ${defect.facts.error}`);
  if (evidence.length === 0) throw new Error(`${name}: ended without any evidence`);
  return evidence;
}
