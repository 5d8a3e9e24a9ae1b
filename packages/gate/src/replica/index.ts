/** Builders of the harmless replica: certificates, timestamps, signatures and the files that carry them. @module */

export * from "./authenticode-signer.ts";
export * from "./cabinet.ts";
export * from "./certificate-authority.ts";
export * from "./cms-signer.ts";
export * from "./compound-file.ts";
export * from "./installer-signer.ts";
export * from "./msi-package.ts";
export * from "./msi-signature.ts";
export * from "./pe-image.ts";
export * from "./retired-case.ts";
export * from "./signing-key.ts";
export * from "./three-cx-case.ts";
export * from "./timestamp-authority.ts";
export * from "./zip-archive.ts";
