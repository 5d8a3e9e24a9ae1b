/** What indicators of all sources have in common. @module */

export { observableOf } from "./observable.ts";
export { refang } from "./refang.ts";
