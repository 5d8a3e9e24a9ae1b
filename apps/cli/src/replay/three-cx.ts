/**
 * The case Sallyport was built against, judged before the user's eyes: harmless files of invented companies, built on
 * the spot, in a folder that is gone afterwards.
 * @module
 */

import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Decision, UsageError, WorldError } from "@sallyport/core";
import type { ReplicaRelease, ThreeCxCase } from "@sallyport/gate/replica";
import { EXIT } from "../exit-codes.ts";
import { type Home, openHome } from "../home.ts";
import { DEFAULT_MAX_MEMORY_BYTES, type Judgement, type Judging, judge } from "../judge.ts";
import { policyOnDemand } from "../policy.ts";
import { renderVerdict, type Screen, screenOf } from "../render/verdict.ts";
import type { Terminal } from "../terminal.ts";
import { trustWith } from "../trust.ts";
import {
  KEPT,
  type Kept,
  receiptName,
  tellCleanRelease,
  tellNext,
  tellOpening,
  tellTrojanisedRelease,
} from "./story.ts";
import { withThrowAwayFolder } from "./throw-away-folder.ts";

/**
 * @param options.keep - folder for the files; it is made when it is not there
 * @returns 0 when the clean release was admitted and the other refused for what hides in it; 1 otherwise
 * @throws UsageError `usage.file` when the folder cannot be made
 */
export async function replayThreeCx(options: { keep?: string }, terminal: Terminal): Promise<number> {
  return withThrowAwayFolder("sallyport-replay-", async (throwAway) => {
    const files = options.keep ?? join(throwAway, "files");
    await mkdir(files, { recursive: true }).catch((cause) => {
      throw new UsageError("usage.file", `${files}: no folder can be made there`, { cause });
    });
    const home = await openHome(join(throwAway, "home"));
    try {
      return await replay({ home, files, terminal, isKept: options.keep !== undefined });
    } finally {
      await home.close();
    }
  });
}

interface Stage {
  readonly home: Home;
  readonly files: string;
  readonly isKept: boolean;
  readonly terminal: Terminal;
}

async function replay(stage: Stage): Promise<number> {
  const { terminal, files } = stage;
  const screen = { ...screenOf(terminal), columns: Math.min(terminal.columns, 100) };
  const { buildThreeCxCase } = await import("@sallyport/gate/replica");
  const built = await buildThreeCxCase();
  await writeFiles(built, files);
  const judging = await prepare(built, files);

  terminal.out(tellOpening(screen));
  terminal.out(tellCleanRelease(built, screen));
  const clean = await perform(built.clean, { stage, judging, screen });
  terminal.out(tellTrojanisedRelease(built, screen));
  const trojanised = await perform(built.trojanised, { stage, judging, screen });

  const failure = failureOf(clean.decision, trojanised.decision);
  if (failure !== undefined) {
    terminal.error(
      `sallyport: the replay failed: ${failure}. This is a fault of Sallyport; do not rely on it.\n`,
    );
    return EXIT.failed;
  }
  terminal.out(tellNext(stage.isKept ? await keptIn(stage, built) : undefined, screen));
  return 0;
}

/** As a vendor and a careful customer would have them: installers, published hashes, the authority's certificate. */
async function writeFiles({ clean, trojanised, rootPem }: ThreeCxCase, folder: string): Promise<void> {
  await write(join(folder, clean.fileName), clean.msi);
  await write(join(folder, trojanised.fileName), trojanised.msi);
  await write(join(folder, KEPT.root), rootPem);
  await write(join(folder, KEPT.published), publishedHashes([clean, trojanised]));
}

/** @throws WorldError `world.io` */
async function write(path: string, content: string | Uint8Array): Promise<void> {
  await writeFile(path, content).catch((cause: NodeJS.ErrnoException) => {
    throw new WorldError("world.io", `${path}: cannot be written (${cause.code}); keep the files elsewhere`, {
      cause,
    });
  });
}

const publishedHashes = (releases: readonly ReplicaRelease[]): string =>
  releases
    .map(({ msi, fileName }) => `${createHash("sha256").update(msi).digest("hex")}  ${fileName}\n`)
    .join("");

/** What `check` would be told by `--signer`, `--trust` and `--published`. */
async function prepare({ vendor, clean, trojanised }: ThreeCxCase, folder: string): Promise<Judging> {
  return {
    trust: await trustWith([join(folder, KEPT.root)]),
    policy: policyOnDemand({ policy: [], withoutDefault: [] }),
    limits: {},
    maxMemoryBytes: DEFAULT_MAX_MEMORY_BYTES,
    expectedHash: undefined,
    published: { name: KEPT.published, text: publishedHashes([clean, trojanised]) },
    signers: [{ text: vendor, product: undefined, origin: "--signer" }],
  };
}

async function perform(
  release: ReplicaRelease,
  { stage, judging, screen }: { stage: Stage; judging: Judging; screen: Screen },
): Promise<Judgement> {
  const { files, home, terminal, isKept } = stage;
  const { fileName } = release;
  const judgement = await judge({ path: join(files, fileName), label: fileName }, home, judging);
  terminal.out(renderVerdict(judgement, screen));
  if (isKept)
    await write(join(files, receiptName(release)), `${JSON.stringify(judgement.receipt, null, 2)}\n`);
  return judgement;
}

type Outcome = Pick<Decision, "verdict" | "reasons">;

/** @returns what went wrong, or undefined when both releases were judged as they should be */
export function failureOf(clean: Outcome, trojanised: Outcome): string | undefined {
  if (clean.verdict !== "admit") return "the clean release was not admitted";
  if (trojanised.verdict !== "refuse") return "the release with hidden text was not refused";
  if (!trojanised.reasons.some(({ policy }) => policy === "hidden-data"))
    return "the release with hidden text was refused, but not for what hides in it";
  return undefined;
}

/** The key goes along: the home that signed the receipts is about to be gone. */
async function keptIn({ home, files }: Stage, { vendor, trojanised }: ThreeCxCase): Promise<Kept> {
  const { publicKeyPem } = await import("@sallyport/ledger");
  await write(join(files, KEPT.key), publicKeyPem(home.ledger.publicKey));
  return { folder: files, vendor, release: trojanised };
}
