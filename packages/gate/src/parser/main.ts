/**
 * The parser process. It gets the artifact as an open descriptor, one request on standard input, and answers
 * in lines on standard output. It owns nothing: no path of the user's, no environment, no network.
 * @module
 */

import { run } from "./work.ts";

// Loaded by another program, it is only looked at.
if (import.meta.main) await run({ artifact: 3, input: 0, output: 1 });
