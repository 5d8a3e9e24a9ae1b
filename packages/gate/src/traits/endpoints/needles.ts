/** What marks an address, in the clear and in the encodings that hide it. @module */

import { type Needle, needleOf } from "../../byte-search/needle.ts";
import { SERVICE_CLASSES } from "./services.ts";

/** Schemes that are looked for under any key, and in base64. */
const HIDDEN = ["http://", "https://"];
/** A host that stands alone is told by its ending; those that no file name has. */
const ENDINGS =
  ".com .net .org .biz .xyz .icu .shop .club .online .site .cloud .onion .invalid .example".split(" ");

/** Hosts of the services that count most are looked for by their own names, when {@link ENDINGS} do not find them. */
const GRAVE_HOSTS = SERVICE_CLASSES.filter(({ risk }) => risk === "high")
  .flatMap(({ hosts }) => hosts)
  .filter(
    (host) => host.length >= 6 && !host.includes("/") && !ENDINGS.some((ending) => host.endsWith(ending)),
  );

const reversed = (text: string): string => [...text].reverse().join("");
const rot13 = (text: string): string =>
  text.replace(/[a-z]/g, (letter) => String.fromCharCode(((letter.charCodeAt(0) - 97 + 13) % 26) + 97));

/**
 * The letters of base64 that do not depend on what stands around: for each of the three places in which a text can begin.
 */
export function base64Middles(bytes: Buffer): string[] {
  return [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]);
    const first = Math.ceil((before * 8) / 6);
    const last = Math.floor((whole.length * 8) / 6);
    return whole.toString("base64").slice(first, last);
  });
}

const base64Needles = (text: string): Needle[] => [
  ...base64Middles(Buffer.from(text, "latin1")).map((middle) => clear("base64", middle)),
  ...base64Middles(Buffer.from(text, "utf16le")).map((middle) => clear("base64", middle)),
];

const clear = (name: string, text: string): Needle => needleOf(name, text, { keys: "none" });

function hexNeedles(text: string): Needle[] {
  const hex = Buffer.from(text, "latin1").toString("hex");
  const escaped = hex.replace(/../g, "\\x$&");
  const numbers = [...Buffer.from(text, "latin1")];
  return [
    clear("hex", hex),
    clear("hex", hex.toUpperCase()),
    clear("escapes", escaped),
    clear(
      "escapes",
      escaped.replace(/[a-f]/g, (digit) => digit.toUpperCase()),
    ),
    clear("numbers", numbers.join(",")),
    clear("numbers", numbers.join(", ")),
    clear("hex numbers", numbers.map((number) => `0x${number.toString(16)}`).join(",")),
    clear("hex numbers", numbers.map((number) => `0x${number.toString(16)}`).join(", ")),
  ];
}

/** The name says how {@link readSighting} decodes what stands there. */
export const needles: readonly Needle[] = [
  ...["p", "s", "h", "t", "c"].map((letter) => clear("url", `${letter}://`)),
  ...["p", "s"].map((letter) => needleOf("wide url", `${letter}://`, { width: 2, keys: "none" })),
  ...HIDDEN.flatMap((scheme) => [
    needleOf("keyed", scheme, { keys: "hidden" }),
    needleOf("wide keyed", scheme, { width: 2, keys: "hidden" }),
    needleOf("reversed", reversed(scheme)),
    needleOf("wide reversed", reversed(scheme), { width: 2 }),
    clear("rot13", rot13(scheme)),
    ...base64Needles(scheme),
    ...hexNeedles(scheme),
  ]),
  ...ENDINGS.map((ending) => clear("host", ending)),
  ...GRAVE_HOSTS.map((host) => clear("host", host)),
  needleOf("wide host", ".com", { width: 2, keys: "none" }),
  needleOf("wide host", ".net", { width: 2, keys: "none" }),
  needleOf("wide host", ".org", { width: 2, keys: "none" }),
];
