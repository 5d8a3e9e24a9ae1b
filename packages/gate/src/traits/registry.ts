import { defineRegistry } from "@sallyport/core";
import { dependencies } from "./dependencies/index.ts";
import { similarity } from "./similarity/index.ts";
import type { Trait } from "./trait.ts";

/** In the order they are asked. */
export const traits = defineRegistry<Trait>("trait", [similarity, dependencies]);
