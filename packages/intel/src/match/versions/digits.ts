/** Runs of digits, as long as they like to be: beyond 2^53 a number would round. @module */

/** @returns below 0, 0, above 0 */
export function compareDigits(a: string, b: string): number {
  const left = a.replace(/^0+/, "");
  const right = b.replace(/^0+/, "");
  return left.length - right.length || compareText(left, right);
}

/** By code units, as the ASCII order of the documents. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const isDigits = (text: string): boolean => /^[0-9]+$/.test(text);
