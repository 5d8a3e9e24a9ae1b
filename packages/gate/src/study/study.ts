/**
 * Hands members to the study thread and passes on what it found. The thread works beside the descent; a member that
 * takes it too long ends it, is unknown, and the next member gets a new one.
 * @module
 */

import { Worker } from "node:worker_threads";
import { asBuffer, type ByteSource, visitPieces } from "@sallyport/core";
import { findersFor, refusingFor } from "../components/find.ts";
import type { Parts } from "../components/finder.ts";
import type { Finding } from "../finding.ts";
import type { SearchDepth } from "../search/member-search.ts";
import { traits } from "../traits/registry.ts";
import type { StudyAnswer, StudyJob, StudyWish } from "./message.ts";
import { lookKey } from "./same-look.ts";
import { type Asked, problemsOf, type Result, unlooked } from "./unlooked.ts";
import { isWhole } from "./whole.ts";
import { afterWork } from "./work-time.ts";

/** Copies that wait for the thread, together. */
const WAITING_BYTES = 48 * 1024 * 1024;
/** The largest member that is copied for it; anything larger stands in a file. */
const COPIED_BYTES = 128 * 1024 * 1024;
const LEAST_MILLISECONDS = 20_000;
const MILLISECONDS_PER_MEBIBYTE = 500;
/** In one message. */
const MOST_JOBS = 512;
/** Threads that were ended before the rest is given up. */
const MOST_ENDED = 5;

const GIVEN_UP = "was not looked at: too much before it failed";

export interface StudySubject {
  /** In the order members were met. */
  readonly index: number;
  readonly path: string;
  /** Undefined for the artifact itself, whose hash somebody else computes. */
  readonly sha256: string | undefined;
  readonly format: string;
  readonly holdsOthers: boolean;
  readonly report: (finding: Finding) => void;
  /** Told of all parts that were found in it, and why others were not; never, when there is nothing to tell. */
  readonly found?: (parts: Parts) => void;
}

/** Hears what is to be kept of members for a comparison. */
export interface PortraitSink {
  /** @param observations - an {@link Observations} as JSON */
  observations(index: number, observations: string): void;
  /** The same bytes as that member. */
  sameAs(index: number, first: number): void;
}

/** Who is told, and what was asked. */
interface Told {
  readonly subject: StudySubject;
  readonly job: Asked;
}

interface Pending extends Told {
  readonly job: StudyJob;
  readonly done: () => void;
  readonly copiedBytes: number;
}

interface Studied {
  readonly index: number;
  /** Undefined while it is being studied. */
  result: Result | undefined;
  /** Who else has these bytes, and waits for what is found. */
  readonly waiting: StudySubject[];
}

export class Study {
  readonly #wish: StudyWish & { readonly maxHeldBytes: number };
  readonly #sink: PortraitSink | undefined;
  readonly #known: ReadonlySet<string>;
  readonly #seen = new Map<string, Studied>();
  readonly #queue: Pending[] = [];
  readonly #idle: (() => void)[] = [];
  #worker: Worker | undefined;
  #stopWatching: (() => void) | undefined;
  #waitingBytes = 0;
  #count = 0;
  /** Of the queue, from its front: what the thread has. */
  #sent = 0;
  #ended = 0;

  constructor(wish: StudyWish & { readonly maxHeldBytes: number }, sink: PortraitSink | undefined) {
    const { known = [], ...forThread } = wish;
    this.#known = new Set(known);
    this.#wish = forThread;
    this.#sink = sink;
    this.#worker = this.#start();
  }

  /** @returns when the source is not needed any more */
  async begin(source: ByteSource, subject: StudySubject): Promise<void> {
    const { backing, sizeBytes } = source;
    const asked = this.#askAbout(subject, sizeBytes);
    tellRefused(subject, sizeBytes);
    const isAsked = asked.traits.length + asked.finders.length > 0 || asked.search !== undefined;
    if (!isAsked || sizeBytes === 0) return;
    if (this.#isKnown(subject, asked)) return;
    const isCopied = backing === undefined;
    if (this.#worker === undefined) return this.#giveUp({ subject, job: asked }, GIVEN_UP);
    if (isCopied && sizeBytes > COPIED_BYTES)
      return this.#giveUp({ subject, job: asked }, "is too large to be looked at");
    const content = backing === undefined ? { bytes: await copyOf(source) } : { file: backing };
    while (isCopied && this.#waitingBytes > WAITING_BYTES) await this.#next();
    const job: StudyJob = {
      number: this.#count++,
      path: subject.path,
      format: subject.format,
      sizeBytes,
      ...asked,
      milliseconds: LEAST_MILLISECONDS + (sizeBytes / 1024 ** 2) * MILLISECONDS_PER_MEBIBYTE,
      ...content,
    };
    const { promise, resolve } = Promise.withResolvers<void>();
    const copiedBytes = isCopied ? sizeBytes : 0;
    this.#waitingBytes += copiedBytes;
    this.#queue.push({ subject, job, done: resolve, copiedBytes });
    if (this.#sent === 0) this.#send();
    if (!isCopied) await promise;
  }

  /** @returns when everything was answered; the thread is gone then */
  async settle(): Promise<void> {
    while (this.#queue.length > 0) await this.#next();
    await this.#worker?.terminate();
  }

  #next(): Promise<void> {
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #askAbout(subject: StudySubject, sizeBytes: number): Asked {
    const { sha256, format, path } = subject;
    // Another release's portrait has what the traits made of it, and says nothing of parts.
    const isKnown = sha256 !== undefined && this.#known.has(lookKey({ sha256, format, path }));
    const search = this.#searchOf(subject);
    return {
      traits: isKnown ? [] : this.#traitsFor(subject),
      finders: findersFor({ path, format, sizeBytes }),
      ...(search !== undefined && { search }),
    };
  }

  /** What a container holds is searched member by member; its weaker digests are its own. */
  #searchOf(subject: StudySubject): SearchDepth | undefined {
    const { search } = this.#wish;
    if (search === undefined) return undefined;
    // The artifact itself is hashed by the parent.
    const isRoot = subject.sha256 === undefined;
    if (isWhole(subject)) return isRoot ? "names" : "all";
    return search.digests.length > 0 && !isRoot ? "digests" : undefined;
  }

  #traitsFor(subject: StudySubject): string[] {
    const { format } = subject;
    return traits
      .filter(({ observe, isEvidence }) => observe !== undefined && (this.#wish.isComparing || isEvidence))
      .filter(({ formats }) => (formats === undefined ? isWhole(subject) : formats.includes(format)))
      .map(({ id }) => id);
  }

  /** The same bytes are looked at once. */
  #isKnown(subject: StudySubject, asked: Asked): boolean {
    if (subject.sha256 === undefined) return false;
    const key = studyKey(subject, asked);
    const studied = this.#seen.get(key);
    if (studied === undefined) {
      this.#seen.set(key, { index: subject.index, result: undefined, waiting: [] });
      return false;
    }
    if (asked.traits.length > 0) this.#sink?.sameAs(subject.index, studied.index);
    if (studied.result === undefined) studied.waiting.push(subject);
    else tellOne(subject, studied.result);
    return true;
  }

  #start(): Worker {
    const worker = new Worker(studyEntry, { workerData: this.#wish });
    worker.on("message", (answer: StudyAnswer) => this.#hear(answer));
    worker.on("error", () => this.#replace(worker, "could not be looked at"));
    // While there is work it keeps the process; otherwise the process may end.
    worker.unref();
    return worker;
  }

  /** Everything that waits goes in one message: the thread looks at many small members at once for little more. */
  #send(): void {
    const jobs = this.#queue.slice(0, MOST_JOBS).map(({ job }) => job);
    if (jobs.length === 0) return;
    this.#sent = jobs.length;
    this.#worker?.ref();
    this.#worker?.postMessage(jobs);
    this.#watch();
  }

  /** The first of what was sent is what the thread is at. */
  #watch(): void {
    const [first] = this.#queue;
    if (first === undefined || this.#sent === 0) return;
    const { milliseconds } = first.job;
    const seconds = Math.ceil(milliseconds / 1000);
    const tooLong = () =>
      this.#replace(this.#worker, `takes longer to look at than the ${seconds} s it may take`);
    this.#stopWatching = afterWork(milliseconds, tooLong);
  }

  #hear({ observations, ...result }: StudyAnswer): void {
    const [first] = this.#queue;
    if (first === undefined) return;
    if (observations !== undefined) this.#sink?.observations(first.subject.index, observations);
    this.#finish(result);
  }

  #replace(worker: Worker | undefined, because: string): void {
    if (worker !== this.#worker) return;
    this.#ended += 1;
    this.#sent = 0;
    worker?.removeAllListeners();
    void worker?.terminate();
    const isGivenUp = this.#ended >= MOST_ENDED;
    this.#worker = isGivenUp ? undefined : this.#start();
    const [first, ...rest] = [...this.#queue];
    if (first !== undefined) this.#giveUpJob(first, because);
    if (isGivenUp) for (const pending of rest) this.#giveUpJob(pending, GIVEN_UP);
  }

  #giveUpJob(pending: Pending, because: string): void {
    this.#keepProblems(pending, because);
    this.#finish(unlooked(pending.job, because));
  }

  #giveUp(refused: Told, because: string): void {
    this.#keepProblems(refused, because);
    this.#tell(refused, unlooked(refused.job, because));
  }

  #keepProblems({ subject, job }: Told, because: string): void {
    if (job.traits.length > 0) this.#sink?.observations(subject.index, problemsOf(job.traits, because));
  }

  #finish(result: Result): void {
    this.#stopWatching?.();
    const first = this.#queue.shift();
    if (first === undefined) return;
    this.#sent = Math.max(0, this.#sent - 1);
    this.#waitingBytes -= first.copiedBytes;
    this.#tell(first, result);
    first.done();
    if (this.#queue.length === 0) this.#worker?.unref();
    else if (this.#sent === 0) this.#send();
    else this.#watch();
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  #tell({ subject, job }: Told, result: Result): void {
    const studied = subject.sha256 === undefined ? undefined : this.#seen.get(studyKey(subject, job));
    for (const one of [subject, ...(studied?.waiting.splice(0) ?? [])]) tellOne(one, result);
    if (studied !== undefined) studied.result = result;
  }
}

/** A list of parts that was blown up is one that nobody reads: that its parts are not known is told. */
function tellRefused({ path, format, found }: StudySubject, sizeBytes: number): void {
  const refusing = refusingFor({ path, format, sizeBytes });
  if (refusing.length > 0)
    found?.({ components: [], unlisted: refusing.map((id) => `${id}: is too large to be read`) });
}

function tellOne({ report, found }: StudySubject, { findings, parts }: Result): void {
  for (const finding of findings) report(finding);
  if (parts !== undefined) found?.(parts);
}

/** The same bytes are looked at again where finders ask that did not ask before: they go by the whole path. */
const studyKey = (
  { sha256 = "", format, path }: StudySubject,
  { traits: asked, finders, search }: Asked,
): string => `${lookKey({ sha256, format, path })} ${asked.length > 0} ${search} ${finders.join()}`;

const isSource = import.meta.url.endsWith(".ts");
const studyEntry = new URL(isSource ? "./thread.ts" : "./study.js", import.meta.url);

async function copyOf(source: ByteSource): Promise<Uint8Array> {
  const copy = new Uint8Array(source.sizeBytes);
  await visitPieces(source, (bytes, offset) => copy.set(asBuffer(bytes), offset));
  return copy;
}
