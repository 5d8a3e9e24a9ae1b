/** Whether two names are one company's, for what a file claims and for what its signer's certificate says. @module */

/** Words that say what kind of company it is, not which. */
const LEGAL_FORMS: ReadonlySet<string> = new Set(
  "ab ag as bv co company corp corporation foundation gmbh inc incorporated kg limited llc ltd nv oy plc pty sa sas se spa srl".split(
    " ",
  ),
);
const MOST_CHARACTERS = 300;

/** @returns its words without the legal form, equal for equal companies; empty when nothing of it is left */
export const companyKey = (name = ""): string => {
  const words = name
    .slice(0, MOST_CHARACTERS)
    .normalize("NFKC")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "" && word !== "the");
  const telling = words.filter((word) => !LEGAL_FORMS.has(word));
  return (telling.length > 0 ? telling : words).join(" ");
};

/** Both say something, and it is the same company. */
export function isSameCompany(a: string | undefined, b: string | undefined): boolean {
  const key = companyKey(a);
  return key !== "" && key === companyKey(b);
}
