/** What a person names to be judged: files, folders, addresses. @module */

import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { DEFAULT_LIMITS } from "@sallyport/core";
import type { Fetcher } from "@sallyport/fetch";
import { download, isAddress, readAddress } from "./downloads.ts";
import type { Home } from "./home.ts";
import { expandInputs, type Input, requireFew } from "./inputs.ts";
import type { Judging } from "./judge.ts";
import { type NetworkOptions, withFetcher } from "./network.ts";
import { livingLine } from "./progress.ts";
import { printable, shortened } from "./render/text.ts";
import type { Terminal } from "./terminal.ts";

export interface Fetching {
  readonly home: Home;
  readonly judging: Judging;
  readonly options: NetworkOptions & { readonly download?: string };
  readonly terminal: Terminal;
  readonly isQuiet: boolean;
}

/** An address is fetched later; everything else has to be there. */
export type Asked = Input | { readonly address: string };

/** @throws UsageError `usage.file`, `usage.value` for an address that is none */
export async function readArguments(files: readonly string[], terminal: Terminal): Promise<readonly Asked[]> {
  const asked: Asked[] = [];
  const tellEmpty = (path: string) =>
    terminal.error(
      `sallyport: ${printable(path)}: is empty, so there is nothing to judge; was it cut short?\n`,
    );
  for (const file of files) {
    if (isAddress(file)) asked.push({ address: (await readAddress(file)).href });
    else asked.push(...(await expandInputs([file], tellEmpty)));
  }
  requireFew(asked);
  return asked;
}

/** Fetches what has to be fetched, for as long as it is judged. */
export async function withInputs<Result>(
  asked: readonly Asked[],
  work: Fetching,
  judge: (inputs: readonly Input[]) => Promise<Result>,
): Promise<Result> {
  const isHere = (one: Asked): one is Input => "path" in one;
  if (asked.every(isHere)) return judge(asked);
  const { createScratch } = await import("@sallyport/cage");
  using scratch = new DisposableStack();
  const { folder } = scratch.adopt(createScratch(work.home.scratchRoot), ({ remove }) => remove());
  return await withFetcher(work.options, work.terminal, async (fetcher) => {
    const inputs: Input[] = [];
    for (const one of asked) {
      const place = { fetcher, folder: await mkdtemp(join(folder, "download-")) };
      inputs.push(isHere(one) ? one : await fetchInput(one.address, place, work));
    }
    return judge(inputs);
  });
}

async function fetchInput(
  address: string,
  { fetcher, folder }: { fetcher: Fetcher; folder: string },
  { judging, options, terminal, isQuiet }: Fetching,
): Promise<Input> {
  let progress = "asking";
  const line = livingLine(
    terminal,
    (seconds) => `${shortened(printable(address), 60)} · ${progress} · ${Math.floor(seconds)} s`,
  );
  try {
    return await download(address, {
      fetcher,
      folder,
      maxBytes: judging.limits.bytes ?? DEFAULT_LIMITS.bytes,
      wanted: options.download,
      onProgress: (text) => {
        progress = text;
        if (!isQuiet) line.draw();
      },
      onPage: (text) => {
        line.clear();
        if (!isQuiet) terminal.error(`sallyport: ${printable(text)}\n`);
      },
    });
  } finally {
    line.clear();
  }
}
