import { defineRegistry } from "@sallyport/core";
import type { Trait } from "./trait.ts";

/** In the order they are asked. */
export const traits = defineRegistry<Trait>("trait", []);
