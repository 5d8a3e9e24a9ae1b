/** The test oracle, which has no types of its own. @module */

declare module "tlsh" {
  /** Takes one character for each byte. */
  const digest: (data: string) => string;
  export = digest;
}

declare module "tlsh/lib/digests/digest-hash-builder.js" {
  interface Digest {
    calculateDifference(other: Digest, withLength: boolean): number;
  }
  const builder: () => { withHash(hash: string): { build(): Digest } };
  export = builder;
}
