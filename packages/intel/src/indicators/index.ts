/** What indicators of all sources have in common. @module */

export { addressChoice } from "./address-choice.ts";
export { formOf } from "./form.ts";
export { observableOf } from "./observable.ts";
export { refang } from "./refang.ts";
