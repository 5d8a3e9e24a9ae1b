import { defineRegistry } from "@sallyport/core";
import type { Format } from "./format.ts";
import { pe } from "./pe/index.ts";
import { zip } from "./zip/index.ts";

/** In the order in which they are asked: the most exact mark first. */
export const formats = defineRegistry<Format>("format", [pe, zip]);
