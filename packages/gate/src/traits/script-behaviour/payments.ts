/**
 * What stands between a page and the money of who looks at it. Sources: reports about skimmers of payment cards
 * (Magecart, 2018 and later) and about chalk and debug (September 2025).
 * @module
 */

import { ECMASCRIPT, type Sign } from "./sign.ts";

export const PAYMENTS: readonly Sign[] = [
  {
    id: "hooks-requests",
    does: "puts itself between a page and the network",
    looks: [
      {
        languages: ECMASCRIPT,
        needles: ["xmlhttprequest.prototype", ".fetch="],
        pattern:
          /\bxmlhttprequest\.prototype\.(?:open|send)=(?!=)|\b(?:window|globalthis|self|global)\.fetch=(?!=)/g,
      },
    ],
  },
  {
    id: "payment-addresses",
    does: "handles payment addresses",
    looks: [
      {
        languages: ECMASCRIPT,
        needles: ["0x[", "bc1", "eth_sendtransaction", "window.ethereum"],
        pattern:
          /0x\[a-f[^\]]{0,12}\]\{40\}|\bbc1\[|\(\?:bc1\||\beth_sendtransaction\b|\bwindow\.ethereum\b/g,
      },
    ],
  },
  {
    id: "payment-cards",
    does: "reads fields of payment cards",
    looks: [
      {
        languages: ECMASCRIPT,
        different: 2,
        needles: ["card", "cvv", "cvc", "cc_num", "ccnum"],
        pattern: /["'`#[=](?:card[-_]?num(?:ber)?|cc[-_]?num(?:ber)?|cvv2?|cvc2?|card[-_]?cvc)["'`\]]/g,
      },
    ],
  },
];
