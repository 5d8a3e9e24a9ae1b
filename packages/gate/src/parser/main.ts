/**
 * The parser process. It gets the artifact as an open descriptor, one request on standard input, and answers
 * in lines on standard output. It owns nothing: no path of the user's, no environment, no network.
 * @module
 */

import { run } from "./work.ts";

await run({ artifact: 3, input: 0, output: 1 });
