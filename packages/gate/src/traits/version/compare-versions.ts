/**
 * Puts versions of any kind in order. Sources: Debian Policy §5.6.12 for the comparison itself, which versions of most
 * other kinds agree with; SemVer 2.0 §9 and PEP 440 for what comes before a release.
 * @module
 */

const MOST_CHARACTERS = 200;
/** `1.0.0-rc.1`, `1.0.dev3`, `2.0-beta`: before the release of that number, as Debian writes with `~`. */
const BEFORE_RELEASE =
  /[-._]?(?=(?:alpha|beta|rc|pre|preview|dev|next|canary|nightly|snapshot|insiders)(?:[-._\d]|$))/gi;

/** @returns the version that a text begins with; undefined when it begins with none */
export function readVersion(text: string | undefined): string | undefined {
  const plain = text?.slice(0, MOST_CHARACTERS).trim().replace(/, ?/g, ".");
  const found = /^[vV]?(\d[\w.:~+-]*)/.exec(plain ?? "")?.[1];
  return found?.replace(/[.:~+-]+$/, "");
}

/** @returns below 0 when the first is older */
export function compareVersions(first: string, second: string): number {
  const [a, b] = [first, second].map((version) => piecesOf(version.replace(BEFORE_RELEASE, "~")));
  const count = Math.max(a?.length ?? 0, b?.length ?? 0);
  for (let at = 0; at < count; at += 1) {
    const order =
      at % 2 === 0 ? compareText(a?.[at] ?? "", b?.[at] ?? "") : compareNumber(a?.[at] ?? "", b?.[at] ?? "");
    if (order !== 0) return order;
  }
  return 0;
}

/** Text and digits in turn, text first; an epoch stands first of all. */
function piecesOf(version: string): string[] {
  const [, epoch = "0", rest = version] = /^(\d{1,9}):(.*)$/.exec(version) ?? [];
  // What SemVer calls build metadata orders nothing; Debian's plus does.
  const pieces = ["", epoch, ...rest.split(/(\d+)/)];
  return pieces.slice(0, 200);
}

function compareNumber(a: string, b: string): number {
  const [x, y] = [a.replace(/^0+/, ""), b.replace(/^0+/, "")];
  if (x.length !== y.length) return x.length - y.length;
  return x < y ? -1 : Number(x > y);
}

/** `~` before the end, the end before letters, letters before the rest. */
function compareText(a: string, b: string): number {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const order = weigh(a[at]) - weigh(b[at]);
    if (order !== 0) return order;
  }
  return 0;
}

function weigh(letter: string | undefined): number {
  if (letter === undefined) return 0;
  if (letter === "~") return -1;
  const code = letter.charCodeAt(0);
  return /[A-Za-z]/.test(letter) ? code : code + 256;
}

/** Whether one is the other with more places behind: `1.2.3` and `1.2.3.0`, at least two places alike. */
export function agree(first: string | undefined, second: string | undefined): boolean {
  if (first === undefined || second === undefined) return false;
  const [a, b] = [first, second].map((version) => version.replace(/^\d{1,9}:/, "").split(/[.+-]/));
  const [short, long] = (a?.length ?? 0) <= (b?.length ?? 0) ? [a, b] : [b, a];
  return (short?.length ?? 0) >= 2 && (short ?? []).every((part, at) => part === long?.[at]);
}
