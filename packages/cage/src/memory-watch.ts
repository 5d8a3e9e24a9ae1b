/** Reads how much memory another process holds. Only the parent can: no limit inside a process bounds its buffers. @module */

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";

const PAGE_BYTES = 4096;
const LINUX_MILLISECONDS = 25;
const OTHER_MILLISECONDS = 250;

/**
 * Watches a process's resident memory until it is told to stop.
 * @param onOver - called once, when it is over `maxMemoryBytes`
 * @returns stops the watch
 */
export function watchMemory(pid: number, maxMemoryBytes: number, onOver: () => void): () => void {
  const judge = (bytes: number | undefined) => {
    if (bytes === undefined || bytes <= maxMemoryBytes) return;
    clearInterval(timer);
    onOver();
  };
  const look =
    process.platform === "linux" ? () => judge(readStatm(pid)) : () => readProcessStatus(pid, judge);
  const timer = setInterval(look, process.platform === "linux" ? LINUX_MILLISECONDS : OTHER_MILLISECONDS);
  return () => clearInterval(timer);
}

/** Source: proc(5), statm: the second number is the resident pages. */
function readStatm(pid: number): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, "latin1").split(" ")[1]) * PAGE_BYTES;
  } catch {
    return undefined;
  }
}

function readProcessStatus(pid: number, judge: (bytes: number | undefined) => void): void {
  if (process.platform === "win32") {
    const query = ["-NoProfile", "-Command", `(Get-Process -Id ${pid}).WorkingSet64`];
    execFile("powershell.exe", query, (error, text) => judge(error ? undefined : Number(text)));
    return;
  }
  execFile("ps", ["-o", "rss=", "-p", String(pid)], (error, text) =>
    judge(error ? undefined : Number(text) * 1024),
  );
}
