/** The tags of RPM headers that are read here. Source: RPM 6.0, `include/rpm/rpmtag.h`; RPM manual, "RPM tags". @module */

/** In both headers. */
export const REGION = { image: 61, signatures: 62, immutable: 63 } as const;

/** In the signature header; numbers from 1000 on mean something else in the main header. */
export const SIGNATURE_TAG = {
  dsaHeader: 267,
  rsaHeader: 268,
  sha1Header: 269,
  longSize: 270,
  longArchiveSize: 271,
  sha256Header: 273,
  fileSignatures: 274,
  fileSignatureLength: 275,
  veritySignatures: 276,
  verityAlgorithm: 277,
  openPgp: 278,
  sha3Header: 279,
  reserved: 999,
  size: 1000,
  pgp: 1002,
  md5: 1004,
  gpg: 1005,
  payloadSize: 1007,
  reservedSpace: 1008,
} as const;

export const TAG = {
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  vendor: 1011,
  packager: 1015,
  architecture: 1022,
  oldFileNames: 1027,
  fileSizes: 1028,
  fileModes: 1030,
  fileTimes: 1034,
  fileDigests: 1035,
  fileLinkTargets: 1036,
  fileFlags: 1037,
  sourcePackage: 1044,
  fileDevices: 1095,
  fileInodes: 1096,
  folderIndexes: 1116,
  baseNames: 1117,
  folderNames: 1118,
  payloadFormat: 1124,
  payloadCompressor: 1125,
  longFileSizes: 5008,
  fileCapabilities: 5010,
  fileDigestAlgorithm: 5011,
  payloadSha256: 5092,
  payloadDigestAlgorithm: 5093,
  payloadSha256Alternative: 5097,
  rpmFormat: 5114,
  payloadSha512: 5121,
  payloadSha512Alternative: 5122,
  payloadSha3: 5123,
  payloadSha3Alternative: 5124,
} as const;

/** What the package runs, by the names that spec files give it. */
export const SCRIPTLETS: readonly (readonly [tag: number, name: string])[] = [
  [1151, "%pretrans"],
  [1023, "%pre"],
  [1024, "%post"],
  [1025, "%preun"],
  [1026, "%postun"],
  [1152, "%posttrans"],
  [5103, "%preuntrans"],
  [5104, "%postuntrans"],
  [1079, "%verifyscript"],
  [1065, "%trigger"],
  [5066, "%filetrigger"],
  [5076, "%transfiletrigger"],
];

/** RFC 4880 §9.4 and RFC 9580 §9.5, as Node calls them. */
export const DIGEST_NAMES: Readonly<Record<number, string>> = {
  1: "md5",
  2: "sha1",
  8: "sha256",
  9: "sha384",
  10: "sha512",
  11: "sha224",
  12: "sha3-256",
  14: "sha3-512",
};
