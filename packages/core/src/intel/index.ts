export * from "./claim.ts";
export * from "./known.ts";
export * from "./port.ts";
