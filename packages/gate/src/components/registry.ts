import { defineRegistry } from "@sallyport/core";
import type { ComponentFinder } from "./finder.ts";
import { libraryMarksFinder } from "./library-marks/index.ts";
import { nodePackage } from "./node-package/index.ts";

/** In the order they are asked; what one found does not keep another from looking. */
export const finders = defineRegistry<ComponentFinder>("component finder", [nodePackage, libraryMarksFinder]);
