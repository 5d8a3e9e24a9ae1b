/**
 * Names as people, installers and lists write them, brought to one form. Nothing here knows a product: it knows how
 * versions, architectures, languages and legal forms are hung onto names.
 * @module
 */

export interface ProductName {
  /** Words that tell the product, lower case. */
  readonly words: readonly string[];
  /** Words that only tell an edition or a support track. */
  readonly editions: ReadonlySet<string>;
  /** Numbers that stand alone: a year, a generation. Not versions with points. */
  readonly numbers: readonly string[];
  /** A version with points that stands in the name. */
  readonly version?: string;
}

const MAX_CHARACTERS = 300;

/** Never told apart by: where it runs, that it is its own installer. */
const NEUTRAL = new Set(
  (
    "x64 x86 x32 amd64 arm64 ia64 aarch64 i386 i686 win32 win64 64bit 32bit 64-bit 32-bit bit " +
    "setup installer installation multilingual mui edition version release"
  ).split(" "),
);
const EDITIONS = new Set(
  "pro professional enterprise community standard ultimate premium business personal dc lts ltsr esr trial evaluation".split(
    " ",
  ),
);
const BRACKET = /[([{][^()[\]{}]{0,80}[)\]}]/g;
/** Only in brackets: alone they are names of products too. */
const BRACKET_NEUTRAL =
  /^(?:x?(?:64|86|32)|amd64|arm64|ia64|win(?:32|64)|(?:64|32)-?bit|64|32|bit|user|system|remove|only|all|users|current|[a-z]{2}(?:-[a-z]{2,4})?|english|german|french|spanish|italian|deutsch|unicode|windows|macos|edition|version)$/;
const PLATFORM = /\bfor (?:windows|mac ?os x|mac ?os|os x|mac|linux)\b|^the /g;
/** `Update 202`, `Service Pack 1`, `Build 7`: which release, not which product. */
const RELEASE =
  /\b(?:cumulative update|update|service pack|sp|build|revision|rev|version|ver\.?) ?[0-9]{1,6}\b/g;
const LANGUAGE = / - [a-z]{2}-[a-z]{2,4}$/;
const DOTTED = /^[vr]?[0-9]+(?:\.[0-9a-z]+)+(?:[-_+][0-9a-z.]+)?$/;
const NUMBER = /^[0-9]{1,4}(?:-[0-9]{4})?$/;

function readProductName(text: string): ProductName {
  const editions = new Set<string>();
  const numbers: string[] = [];
  const words: string[] = [];
  let version: string | undefined;
  for (const token of tokensOf(text)) {
    if (DOTTED.test(token)) version ??= token;
    else if (NUMBER.test(token)) numbers.push(token);
    else if (EDITIONS.has(token)) editions.add(token);
    else if (!NEUTRAL.has(token)) words.push(token);
  }
  // A name of nothing but such words is a name: `Setup`, `1.1.1.1`.
  if (words.length === 0)
    words.push(...tokensOf(text).filter((token) => !DOTTED.test(token) && !NUMBER.test(token)));
  if (words.length === 0) words.push(...numbers.splice(0));
  return { words: words.flatMap(splitWord), editions, numbers, ...(version !== undefined && { version }) };
}

/** A claim is asked for its keys, and then once for each source that shares one. */
export const productName = remembering(readProductName);

/** One text for names that differ in blanks, dashes and the like alone: `X_TRADER`, `x-trader`. */
export const squash = (words: readonly string[]): string => words.join("");

function tokensOf(text: string): string[] {
  const plain = plainText(text)
    .replace(LANGUAGE, " ")
    .replace(BRACKET, withoutNeutral)
    .replace(PLATFORM, " ")
    .replace(RELEASE, " ")
    .replace(/\bprofessional plus\b/g, "professional");
  return plain
    .split(/[\s_/,;:|"()[\]{}]+/)
    .map((token) => token.replace(/^-+|[-.!]+$/g, ""))
    .filter((token) => token !== "");
}

function withoutNeutral(bracket: string): string {
  const inside = bracket.slice(1, -1);
  const tokens = inside.split(/[\s,]+/).filter((token) => token !== "");
  return tokens.every((token) => BRACKET_NEUTRAL.test(token)) ? " " : ` ${inside} `;
}

/** Beyond, nothing of a text is looked at. */
const MAX_READ_CHARACTERS = 4096;
/** Zero-width letters, soft hyphens, marks of direction and controls: nobody sees them, so nothing is told apart by them. */
const UNSEEN = /\p{Cf}|\p{Variation_Selector}/gu;

/** Lower case, without accents, trade marks, typographic dashes and what nobody sees. */
const plainText = (text: string): string =>
  text
    .slice(0, MAX_READ_CHARACTERS)
    .replace(UNSEEN, "")
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim()
    .slice(0, MAX_CHARACTERS)
    .replace(/[®™©℠]|\((?:r|tm|c)\)/gi, " ")
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .replace(/[‐-―−]/g, "-")
    .replace(/[’']/g, "")
    .toLowerCase();

const splitWord = (word: string): string[] => word.split(/[-.]+/).filter((part) => part !== "");

const LEGAL = new Set(
  (
    "inc incorporated corp corporation co company llc ltd limited lp llp plc gmbh mbh ag kg kgaa ug ohg se sa sas sarl srl spa bv nv ab " +
    "oy oyj as asa aps pty pte pvt kk doo sro zrt kft spzoo ltda eirl the and"
  ).split(" "),
);
/** What kind of company, and where: `Adobe Systems Incorporated`, `Oracle America, Inc.` */
const DESCRIPTIVE = new Set(
  (
    "software softwares systems system technologies technology tech international group foundation project team labs lab communications " +
    "video solutions holdings development developers contributors authors community studio studios entertainment digital networks " +
    "security online services products computing computer interactive media org open source worldwide global america usa us uk europe " +
    "or its affiliates germany deutschland france japan china india canada ireland netherlands israel poland"
  ).split(" "),
);

export interface VendorName {
  /** Without legal forms. */
  readonly words: readonly string[];
}

function readVendorName(text: string): VendorName {
  const all = plainText(text)
    // `S.A.`, `B.V.`: points between single letters go.
    .replace(/\b([a-z])\.(?=[a-z]\b)/g, "$1")
    .replace(/\b(?:https?:\/\/\S+|\S+@\S+)/g, " ")
    .split(/[\s_/,;:|"()[\]{}&.-]+/)
    .filter((word) => word !== "");
  const words = all.filter((word) => !LEGAL.has(word));
  return { words: words.length === 0 ? all : words };
}

export const vendorName = remembering(readVendorName);

/** @returns `equal`, `near` when one goes on where the other ends, `none` */
export function compareVendors(a: VendorName, b: VendorName): "equal" | "near" | "none" {
  if (squash(a.words) === squash(b.words)) return "equal";
  const left = tellingWords(a);
  const right = tellingWords(b);
  if (squash(left) === squash(right)) return "equal";
  const [short, long] = left.length <= right.length ? [left, right] : [right, left];
  const isStart = short.length > 0 && short.every((word, at) => word === long[at]);
  return isStart ? "near" : "none";
}

/** Without what only says what kind of company it is, and where. */
export function tellingWords({ words }: VendorName): readonly string[] {
  let end = words.length;
  while (end > 1 && DESCRIPTIVE.has(words[end - 1] ?? "")) end -= 1;
  return words.slice(0, end);
}

const MAX_REMEMBERED = 4096;

function remembering<Name>(read: (text: string) => Name): (text: string) => Name {
  const known = new Map<string, Name>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    if (known.size >= MAX_REMEMBERED) known.clear();
    const name = read(text);
    known.set(text, name);
    return name;
  };
}
