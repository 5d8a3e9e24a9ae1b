/** What every command is handed. @module */

/** Runs a command's work, tells what went wrong, and sets the exit code. */
export type Finish = (work: () => Promise<number>) => Promise<void>;
