/**
 * Does each signature, of whatever scheme, cover the bytes it speaks for? Whether its signer can be believed is another
 * question, for the check `signature`. Source: the document of each scheme.
 * @module
 */

import type { Check } from "../check.ts";

export const integrity: Check = {
  id: "integrity",
  question: "Does every signature cover the bytes it speaks for, as they are?",
  kind: "content",
  document: "the document of each signature scheme",
};
