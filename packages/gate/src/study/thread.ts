/**
 * The study thread of the parser process: every trait looks at one member after another, on the second core, while
 * the descent goes on. It shares the process, its cage and its end; nothing in it is trusted more.
 * @module
 */

import { parentPort, workerData } from "node:worker_threads";
import {
  ArtifactError,
  Budget,
  type ByteSource,
  DEFAULT_LIMITS,
  FileSource,
  MemorySource,
  RangeSource,
} from "@sallyport/core";
import { findParts } from "../components/find.ts";
import type { Parts } from "../components/finder.ts";
import type { Finding } from "../finding.ts";
import { MemberSearch } from "../search/member-search.ts";
import { traits } from "../traits/registry.ts";
import type { ObserveContext, Trait } from "../traits/trait.ts";
import type { StudyAnswer, StudyJob, StudyJobs, ThreadData } from "./message.ts";
import { workClock } from "./work-time.ts";

/** Members up to this size are looked at in memory. */
const WHOLE_BYTES = 128 * 1024 * 1024;
/** What is kept of one member, as JSON. */
const MOST_KEPT_CHARACTERS = 8 * 1024 * 1024;

/** Members up to this size are screened together, when there are at least so many. */
const SCREENED_BYTES = 256 * 1024;
const LEAST_SCREENED = 4;

const port = parentPort;
if (port !== null) listen(workerData as ThreadData, (answer) => port.postMessage(answer));

function listen(data: ThreadData, answer: (answer: StudyAnswer) => void): void {
  let work = Promise.resolve();
  port?.on("message", (jobs: StudyJobs) => {
    work = work.then(async () => {
      const screened = await screen(jobs);
      for (const job of jobs) answer(await study(job, data, screened.get(job) ?? NOTHING));
    });
  });
}

const NOTHING: ReadonlySet<string> = new Set();

/** @returns ids of the traits whose screen found nothing in the job's bytes */
async function screen(jobs: StudyJobs): Promise<ReadonlyMap<StudyJob, ReadonlySet<string>>> {
  const clear = new Map<StudyJob, Set<string>>(jobs.map((job) => [job, new Set()]));
  const small = jobs.flatMap(({ bytes }, index) =>
    bytes !== undefined && bytes.length <= SCREENED_BYTES ? { job: jobs[index], bytes } : [],
  );
  for (const { id, screen: look } of traits) {
    const asking = small.filter(({ job }) => job?.traits.includes(id));
    if (look === undefined || asking.length < LEAST_SCREENED) continue;
    const suspected = await look(asking.map(({ bytes }) => bytes));
    for (const [index, { job }] of asking.entries())
      if (suspected[index] === false && job !== undefined) clear.get(job)?.add(id);
  }
  return clear;
}

async function study(job: StudyJob, data: ThreadData, clear: ReadonlySet<string>): Promise<StudyAnswer> {
  const { rulePacks, maxHeldBytes } = data;
  const findings: Finding[] = [];
  const values: Record<string, unknown> = {};
  const problems: Record<string, string> = {};
  const source = await openJob(job, Math.min(WHOLE_BYTES, maxHeldBytes));
  const context: ObserveContext = {
    budget: new Budget({ ...DEFAULT_LIMITS, milliseconds: job.milliseconds }, workClock(job.milliseconds)),
    format: job.format,
    path: job.path,
    maxHeldBytes,
    rulePacks,
    report: (finding) => findings.push(finding),
  };
  for (const trait of traits) {
    if (!job.traits.includes(trait.id)) continue;
    const own = clear.has(trait.id) ? { ...context, isClear: true } : context;
    const value = await observe(trait, source, own).catch((error: unknown) => {
      if (!(error instanceof ArtifactError)) throw error;
      problems[trait.id] = error.message;
    });
    if (value !== undefined) values[trait.id] = value;
  }
  const parts = joinParts(
    await findParts(source, job.finders, { ...job, ...context }),
    await search(source, job, { data, context }),
  );
  const answer = { number: job.number, findings, ...(parts !== undefined && { parts }) };
  // What another release's portrait tells is not told again.
  if (job.traits.length === 0) return answer;
  const observations = JSON.stringify({ values, problems });
  if (observations.length <= MOST_KEPT_CHARACTERS) return { ...answer, observations };
  const because = "there is more to keep of it than may be kept";
  const kept = { values: {}, problems: Object.fromEntries(job.traits.map((id) => [id, because])) };
  return { ...answer, observations: JSON.stringify(kept) };
}

/** The values of a run are one object, which is kept: their tables are made once in a thread. */
const searches = new WeakMap<ThreadData, MemberSearch>();

async function search(
  source: ByteSource,
  job: StudyJob,
  { data, context }: { readonly data: ThreadData; readonly context: ObserveContext },
): Promise<Parts | undefined> {
  if (job.search === undefined || data.search === undefined) return undefined;
  const known = searches.get(data) ?? new MemberSearch(data.search);
  searches.set(data, known);
  const { sightings, because } = await known.search(source, job.search, context.budget);
  if (sightings.length === 0 && because === undefined) return undefined;
  return { components: [], sightings, ...(because !== undefined && { unsearched: because }) };
}

const joinParts = (parts: Parts | undefined, searched: Parts | undefined): Parts | undefined =>
  parts === undefined ? searched : { ...searched, ...parts };

async function observe(trait: Trait, source: ByteSource, context: ObserveContext): Promise<unknown> {
  return trait.observe?.(source, context);
}

async function openJob({ bytes, file, sizeBytes }: StudyJob, wholeBytes: number): Promise<ByteSource> {
  if (bytes !== undefined) return new MemorySource(bytes);
  if (file === undefined) throw new Error("a job without bytes");
  const range = new RangeSource(new FileSource(file.descriptor), file.offsetBytes, sizeBytes);
  if (sizeBytes > wholeBytes) return range;
  const whole = Buffer.allocUnsafeSlow(sizeBytes);
  await range.readInto(0, whole, sizeBytes);
  return new MemorySource(whole);
}
