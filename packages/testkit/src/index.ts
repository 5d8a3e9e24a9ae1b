export * from "./corpus.ts";
export * from "./debian-package.ts";
export * from "./format-contract.ts";
export * from "./npm-file.ts";
export * from "./reading.ts";
export * from "./scheme-contract.ts";
export * from "./signature-mutations.ts";
export * from "./verifying.ts";
