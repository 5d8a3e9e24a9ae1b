/**
 * How long a member may be looked at, in time of the processor: on a busy machine the clock on the wall runs on while
 * nobody works, and an ordinary release is then as quick to look at as before.
 * @module
 */

/** Beyond so many times what work may take, the wall decides: a thread that waits does not work either. */
const MOST_WAITS = 10;

/** @returns a clock for a budget of so many milliseconds: the wall's until they are over, then that of this thread's work */
export function workClock(
  milliseconds: number,
  worked: () => number = threadMilliseconds,
  wall: () => number = () => performance.now(),
): () => number {
  const [beganWork, beganWall] = [worked(), wall()];
  return () => {
    const passed = wall() - beganWall;
    return passed <= milliseconds || passed > milliseconds * MOST_WAITS ? passed : worked() - beganWork;
  };
}

/**
 * Calls back when this process has worked for so many milliseconds and as many have passed.
 * @returns cancels it
 */
export function afterWork(
  milliseconds: number,
  then: () => void,
  worked: () => number = processMilliseconds,
): () => void {
  const began = worked();
  let waits = 0;
  let timer = setTimeout(look, milliseconds);
  function look(): void {
    waits += 1;
    if (worked() - began >= milliseconds || waits === MOST_WAITS) then();
    else timer = setTimeout(look, milliseconds);
  }
  return () => clearTimeout(timer);
}

const threadMilliseconds = (): number => sum(process.threadCpuUsage());
const processMilliseconds = (): number => sum(process.cpuUsage());
const sum = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1000;
