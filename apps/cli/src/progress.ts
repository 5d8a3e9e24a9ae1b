/** How far it is: one living line on a terminal, a plain line now and then in a pipe. @module */

import type { Progress } from "@sallyport/gate";
import { bytesText, printable, shortened } from "./render/text.ts";
import type { Terminal } from "./terminal.ts";

const LIVE_MILLISECONDS = 100;
const PLAIN_MILLISECONDS = 10_000;
/** Shorter work needs no progress. */
const QUIET_MILLISECONDS = 400;
/** Rate and time left must still fit beside it. */
const MAX_NAME_LENGTH = 40;

export interface ProgressLine {
  show(progress: Progress): void;
  /** Leaves nothing of the line behind. */
  clear(): void;
}

export function progressLine(label: string, terminal: Terminal): ProgressLine {
  let latest: Progress | undefined;
  const line = livingLine(terminal, (seconds) => describe(label, latest, seconds));
  return {
    show(progress) {
      latest = progress;
      line.draw();
    },
    clear: line.clear,
  };
}

/** A line of any words. @param text - what it says after so many seconds */
export function livingLine(
  terminal: Terminal,
  text: (seconds: number) => string,
): { draw(): void; clear(): void } {
  const started = performance.now();
  const interval = terminal.isInteractive ? LIVE_MILLISECONDS : PLAIN_MILLISECONDS;
  let lastShown = started + QUIET_MILLISECONDS - LIVE_MILLISECONDS;
  let isShown = false;
  const draw = () => {
    const now = performance.now();
    if (now - lastShown < interval) return;
    lastShown = now;
    const line = text((now - started) / 1000);
    terminal.error(terminal.isInteractive ? `\r\x1b[2K${line.slice(0, terminal.columns - 1)}` : `${line}\n`);
    isShown = terminal.isInteractive;
  };
  // One large member tells nothing until it is read: the clock shows that somebody is still at work.
  const timer = setInterval(draw, interval);
  timer.unref();
  return {
    draw,
    clear() {
      clearInterval(timer);
      if (isShown) terminal.error("\r\x1b[2K");
      isShown = false;
    },
  };
}

function describe(label: string, progress: Progress | undefined, seconds: number): string {
  const name = shortened(printable(label), MAX_NAME_LENGTH);
  if (progress === undefined || progress.doneBytes === 0) return `${name} · ${Math.floor(seconds)} s`;
  const { doneBytes, totalBytes, path } = progress;
  const rate = doneBytes / Math.max(seconds, 0.001);
  const left = Math.max(0, totalBytes - doneBytes) / Math.max(rate, 1);
  const percent = totalBytes > 0 ? Math.min(100, Math.floor((doneBytes / totalBytes) * 100)) : 0;
  const where = path === "" ? "" : ` · ${shortened(printable(path), MAX_NAME_LENGTH)}`;
  // All was read, and what was read is still being looked at: nobody knows how long that takes.
  if (percent === 100) return `${name} 100% · ${Math.floor(seconds)} s`;
  return `${name} ${percent}% · ${bytesText(rate)}/s · ${Math.ceil(left)} s left${where}`;
}
