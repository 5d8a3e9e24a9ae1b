import type { SchemeSample } from "@sallyport/testkit";
import { broughtFor, makeArchive, NOW, PACKAGE } from "./archive.fixture.ts";

/** A package with the release and the index that vouch for it. */
export const sample = async (): Promise<SchemeSample> => ({
  format: "deb",
  bytes: PACKAGE,
  brought: broughtFor(makeArchive()),
  now: NOW,
  covered: [[0, PACKAGE.length]],
});
