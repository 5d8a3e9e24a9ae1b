/** What a person brings along for one artifact, beside it: signatures, keys, lists. Hostile bytes all of them. @module */

import type { ByteSource } from "@sallyport/core";

/** @typeParam File - a path, an open descriptor, or bytes, on its way from the person to a scheme */
export interface Brought<File = BroughtFile> {
  /** The name the artifact came under: signed lists name files. */
  readonly label: string;
  /** `--signature`: detached signatures, bundles, catalogs, attestations. */
  readonly signatures: readonly File[];
  /** `--key`: OpenPGP certificates, minisign and signify keys, registry keys. */
  readonly keys: readonly File[];
  /** `--identity` and `--issuer`: whom a keyless signature must name, exactly. */
  readonly identity?: { readonly subject: string; readonly issuer: string };
  /** `--release`: the signed list of an archive, InRelease or Release. */
  readonly release?: File;
  /** `--packages`: the index that the release lists. */
  readonly packages?: File;
  /** `--trust` with a Sigstore trusted root, in place of the shipped one. */
  readonly trustedRoot?: File;
}

export interface BroughtFile {
  /** The path, as the person wrote it. */
  readonly name: string;
  readonly source: ByteSource;
}

/** For members of the artifact: keys speak for them too, everything else is about the artifact itself. */
export const broughtForMember = ({ keys }: Pick<Brought, "keys">): Brought => ({
  label: "",
  signatures: [],
  keys,
});

/** Every file that was brought, with the flag that brought it. */
export function broughtFiles<File>(brought: Brought<File>): { readonly flag: string; readonly file: File }[] {
  const { signatures, keys, release, packages, trustedRoot } = brought;
  return [
    ...signatures.map((file) => ({ flag: "--signature", file })),
    ...keys.map((file) => ({ flag: "--key", file })),
    ...(release === undefined ? [] : [{ flag: "--release", file: release }]),
    ...(packages === undefined ? [] : [{ flag: "--packages", file: packages }]),
    ...(trustedRoot === undefined ? [] : [{ flag: "--trust", file: trustedRoot }]),
  ];
}

/** The same with every file made into something else, in the order of {@link broughtFiles}. */
export function mapBrought<From, To>(brought: Brought<From>, change: (file: From) => To): Brought<To> {
  const { signatures, keys, release, packages, trustedRoot, ...rest } = brought;
  return {
    ...rest,
    signatures: signatures.map(change),
    keys: keys.map(change),
    ...(release !== undefined && { release: change(release) }),
    ...(packages !== undefined && { packages: change(packages) }),
    ...(trustedRoot !== undefined && { trustedRoot: change(trustedRoot) }),
  };
}
