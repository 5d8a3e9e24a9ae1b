/**
 * The parser process. It gets the artifact as an open descriptor, one request on standard input, and answers
 * in lines on standard output. It owns nothing: no path of the user's, no environment, no network.
 * @module
 */

import { finishWarmUp, WARM_UP } from "./code-cache.ts";
import { run } from "./work.ts";

const [, , mode, fresh, kept] = process.argv;
if (mode === WARM_UP && fresh !== undefined && kept !== undefined) finishWarmUp(fresh, kept);
else await run({ artifact: 3, input: 0, output: 1 });
