/**
 * The reading process. It gets a source's files as open descriptors, one request on standard input, and answers in lines
 * on standard output. It owns nothing: no path of the user's, no environment, no network.
 * @module
 */

import { sources } from "../sources/registry.ts";
import { run } from "./work.ts";

// Loaded by another program, it is only looked at.
if (import.meta.main) await run(sources);
