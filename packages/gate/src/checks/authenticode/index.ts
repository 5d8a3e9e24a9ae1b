/**
 * Does each Authenticode signature cover these bytes? Whether its signer can be believed is another question, for the
 * check `signature`. Source: Microsoft, Windows Authenticode Portable Executable Signature Format.
 * @module
 */

import type { Check } from "../check.ts";

export const authenticode: Check = {
  id: "authenticode",
  question: "Does every Authenticode signature cover the file as it is?",
  kind: "content",
  document: "Microsoft, Windows Authenticode Portable Executable Signature Format",
};
