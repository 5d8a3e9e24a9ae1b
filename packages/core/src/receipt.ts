/**
 * Proof that we answered: an in-toto Verification Summary in a DSSE envelope, and its place in the log.
 * Sources: https://slsa.dev/verification_summary/v1, DSSE v1 (secure-systems-lab/dsse), C2SP tlog-checkpoint.
 * @module
 */

export interface DsseEnvelope {
  readonly payloadType: string;
  /** Base64 of the statement's bytes. */
  readonly payload: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

export interface Receipt {
  readonly schema: "sallyport.receipt/1";
  readonly envelope: DsseEnvelope;
  readonly log: LogProof;
}

/** Where the salted commitment to the envelope stands in the log, with the proof. */
export interface LogProof {
  /** The log's origin line. */
  readonly origin: string;
  /** Zero-based index of the entry, decimal digits: beyond 2^53 a JSON number would round. */
  readonly index: string;
  /** Base64, 32 bytes. Entries are commitments, because hashes of names can be guessed. */
  readonly salt: string;
  /** RFC 6962 §2.1.1 audit path, base64, leaf to root. */
  readonly inclusionProof: readonly string[];
  /** Signed note, C2SP tlog-checkpoint. */
  readonly checkpoint: string;
}
