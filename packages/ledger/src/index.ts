export { type Checkpoint, openCheckpoint } from "./checkpoint.ts";
export { type LedgerEntry, type LocalLedger, openLedger } from "./ledger.ts";
export {
  type ConsistencyClaim,
  type InclusionClaim,
  type SubtreeConsistencyClaim,
  verifyConsistency,
  verifyInclusion,
  verifySubtreeConsistency,
  verifySubtreeInclusion,
} from "./merkle-verify.ts";
export { type PublicKey, parsePublicKey, publicKeyPem, verifierKeyOf } from "./public-key.ts";
export { MAX_RECEIPT_BYTES, type StatedReason, type Statement } from "./receipt.ts";
export { type Opened, openSeal } from "./seal.ts";
export {
  describeReceipt,
  type ReceiptStep,
  type VerifiedReceipt,
  verifyReceipt,
} from "./verify-receipt.ts";
