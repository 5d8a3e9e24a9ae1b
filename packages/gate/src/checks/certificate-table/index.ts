/**
 * No byte may hide beside or inside a signature: Windows reads past it (CVE-2013-3900), and 3CX's trojan came in that
 * way. The schemes under `signatures/` look while they verify, and every finding names the rule and the place.
 * Source: Microsoft, PE Format, "The Attribute Certificate Table"; RFC 5652 §5.
 * @module
 */

import type { Check } from "../check.ts";

export const certificateTable: Check = {
  id: "certificate-table",
  question: "Can bytes hide beside or inside the signature?",
  kind: "content",
  document: "Microsoft, PE Format, The Attribute Certificate Table; RFC 5652 §5",
  policyFacts: { rule: "String", offsetBytes: "Long", lengthBytes: "Long" },
};
