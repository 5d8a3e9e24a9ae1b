/** Signed scripts, built as signtool and Set-AuthenticodeSignature build them. */

import { createHash } from "node:crypto";
import { signAuthenticode } from "../../replica/authenticode-signer.ts";
import { signer } from "./signing.fixture.ts";

export type ScriptLanguage =
  | "powershell"
  | "powershell-xml"
  | "mof"
  | "vbscript"
  | "javascript"
  | "windows-script";

interface Kind {
  readonly sipClass: string;
  readonly begin: string;
  readonly end: string;
  readonly open: string;
  readonly close: string;
  /** Windows Script Host adds the place of the block to what is hashed, and leaves out the byte order mark. */
  readonly isHost: boolean;
}

const POWERSHELL = { sipClass: "1fcc3b60594b084eb724d2c6297ef351", isHost: false };
const lines = (open: string, close = "") => ({
  begin: `${open}SIG # Begin signature block${close}`,
  end: `${open}SIG # End signature block${close}`,
  open,
  close,
});
const hostLines = (open: string) => ({
  begin: `${open}Begin signature block`,
  end: `${open}End signature block`,
  open,
  close: "",
  isHost: true,
});

export const KINDS: Readonly<Record<ScriptLanguage, Kind>> = {
  powershell: { ...POWERSHELL, ...lines("# ") },
  "powershell-xml": { ...POWERSHELL, ...lines("<!-- ", " -->") },
  mof: { ...POWERSHELL, ...lines("/* ", " */") },
  vbscript: { sipClass: "4ef029169927b54d8fe5ace10f17ebab", ...hostLines("'' SIG '' ") },
  javascript: { sipClass: "10e0c906ce38d411a2a300104bd35090", ...hostLines("// SIG // ") },
  "windows-script": {
    sipClass: "7005611ace38d411a2a300104bd35090",
    begin: "<signature>",
    end: "</signature>",
    open: "** SIG ** ",
    close: "",
    isHost: true,
  },
};

export interface ScriptRequest {
  readonly language: ScriptLanguage;
  /** Before the block. */
  readonly text: string;
  /** Behind the block, where the language has something there. */
  readonly rest?: string;
  /** How the text becomes bytes. Default UTF-8. */
  readonly encode?: (text: string) => Buffer;
  /** Default none. */
  readonly mark?: Buffer;
  readonly change?: Partial<Parameters<typeof signAuthenticode>[0]>;
}

export const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
export const UTF16 = {
  mark: Buffer.from([0xff, 0xfe]),
  encode: (text: string) => Buffer.from(text, "utf16le"),
};
export const UTF16_BIG = {
  mark: Buffer.from([0xfe, 0xff]),
  encode: (text: string) => Buffer.from(text, "utf16le").swap16(),
};

export function signScript(request: ScriptRequest): Buffer {
  const { language, text, rest = "", mark = Buffer.alloc(0), encode = Buffer.from } = request;
  const kind = KINDS[language];
  const hash = createHash("sha256");
  if (!kind.isHost && mark.length > 0) hash.update(Buffer.from([0xff, 0xfe]));
  hash.update(Buffer.from(text + rest, "utf16le"));
  const place = Buffer.alloc(4);
  place.writeUInt32LE(text.length);
  if (kind.isHost) hash.update(place);
  const der = signAuthenticode({
    subject: "script",
    sipClass: kind.sipClass,
    fileDigest: hash.digest(),
    signer,
    ...request.change,
  });
  return Buffer.concat([mark, encode(text + blockOf(language, der) + rest)]);
}

export function blockOf(language: ScriptLanguage, der: Buffer): string {
  const { begin, end, open, close } = KINDS[language];
  const base64 = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `\r\n${[begin, ...base64.map((line) => open + line + close), end].join("\r\n")}\r\n`;
}
