/** Which of two versions is the later one. Source: deb-version(7), "Sorting algorithm". @module */

/** Negative when `a` is the earlier one, positive when it is the later one, 0 when they are alike. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [splitVersion(a), splitVersion(b)];
  return (
    compareNumbers(left.epoch, right.epoch) ||
    compareParts(left.upstream, right.upstream) ||
    compareParts(left.revision, right.revision)
  );
}

function splitVersion(version: string) {
  const colon = version.indexOf(":");
  const rest = version.slice(colon + 1);
  const dash = rest.lastIndexOf("-");
  return {
    epoch: colon < 0 ? "0" : version.slice(0, colon),
    upstream: dash < 0 ? rest : rest.slice(0, dash),
    revision: dash < 0 ? "" : rest.slice(dash + 1),
  };
}

/** Letters and signs first, then a number, then letters again. */
function compareParts(a: string, b: string): number {
  let [left, right] = [a, b];
  while (left !== "" || right !== "") {
    const [leftText = "", rightText = ""] = [/^[^0-9]*/.exec(left)?.[0], /^[^0-9]*/.exec(right)?.[0]];
    const byText = compareTexts(leftText, rightText);
    if (byText !== 0) return byText;
    [left, right] = [left.slice(leftText.length), right.slice(rightText.length)];
    const [leftNumber = "", rightNumber = ""] = [/^[0-9]*/.exec(left)?.[0], /^[0-9]*/.exec(right)?.[0]];
    const byNumber = compareNumbers(leftNumber, rightNumber);
    if (byNumber !== 0) return byNumber;
    [left, right] = [left.slice(leftNumber.length), right.slice(rightNumber.length)];
  }
  return 0;
}

/** A tilde sorts before the end, the end before letters, letters before the rest. */
function compareTexts(a: string, b: string): number {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const difference = orderOf(a[at]) - orderOf(b[at]);
    if (difference !== 0) return difference;
  }
  return 0;
}

function orderOf(character: string | undefined): number {
  if (character === "~") return -1;
  if (character === undefined) return 0;
  const code = character.charCodeAt(0);
  return /[A-Za-z]/.test(character) ? code : code + 256;
}

/** Digits of any length. */
function compareNumbers(a: string, b: string): number {
  const [left, right] = [a.replace(/^0+/, ""), b.replace(/^0+/, "")];
  if (left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : left > right ? 1 : 0;
}
