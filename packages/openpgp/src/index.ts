export { type Certificate, readCertificates } from "./certificate.ts";
export { CLEAR_SIGNED_MARK, type ClearSigned, readClearSigned, SIGNATURE_END } from "./clear-signed.ts";
export { isWeakEd25519Point } from "./edwards-point.ts";
export type { KeyProblem, SigningKey } from "./key-validity.ts";
export { findRoom } from "./room.ts";
export { readSignatures, type Signature, TYPE } from "./signature.ts";
export { issuerOf, type Verdict, type VerifyOptions, verifySignature, verifySignatures } from "./verify.ts";
