/**
 * A signature is worth no more than its digest: MD5 can be forged by anybody, SHA-1 by whoever can pay.
 * Source: NIST SP 800-131A rev. 2 §9.
 * @module
 */

import type { Check } from "../check.ts";

export const weakDigest: Check = {
  id: "weak-digest",
  question: "Is the signature's digest still worth something?",
  kind: "content",
  document: "NIST SP 800-131A rev. 2 §9",
};
