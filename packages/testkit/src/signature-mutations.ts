/**
 * Ways to hide bytes in a genuinely signed PE without touching what its signature covers, and a few that do touch it.
 * Every verifier must notice each. The filling is harmless text. Own small DER writer, so that a mistake in the
 * product's cannot hide itself.
 * @module
 */

import { randomFillSync } from "node:crypto";

export interface SignatureMutation {
  readonly name: string;
  /** The check that must fail, and how its sentence must read. */
  readonly check: "certificate-table" | "integrity";
  readonly because: RegExp;
  mutate(image: Buffer): Buffer;
}

const HARMLESS = "harmless text, put here to see whether anybody notices. ";
const filling = (sizeBytes: number): Buffer => Buffer.alloc(sizeBytes, HARMLESS);

interface Place {
  /** Of the security directory. */
  readonly directory: number;
  /** Of the certificate table. */
  readonly table: number;
  readonly tableBytes: number;
  readonly pkcs7: Buffer;
}

/** Where an image with one signature keeps it. */
export function findSignature(image: Buffer): Place {
  const optional = image.readUInt32LE(0x3c) + 24;
  const directory = optional + (image.readUInt16LE(optional) === 0x10b ? 96 : 112) + 32;
  const table = image.readUInt32LE(directory);
  const tableBytes = image.readUInt32LE(directory + 4);
  const pkcs7 = image.subarray(table + 8, table + 8 + tlv(image.subarray(table + 8)).whole);
  return { directory, table, tableBytes, pkcs7 };
}

/** The image with another table; directory and entry lengths as an attacker would set them. */
function withTable(image: Buffer, table: Buffer): Buffer {
  const { directory, table: at } = findSignature(image);
  const file = Buffer.concat([image.subarray(0, at), table]);
  file.writeUInt32LE(table.length, directory + 4);
  return file;
}

function entry(content: Buffer, lengthBytes = 8 + content.length): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(lengthBytes, 0);
  header.writeUInt32LE(0x0002_0200, 4);
  return Buffer.concat([header, content, Buffer.alloc((8 - (content.length % 8)) % 8)]);
}

/** The image with its PKCS#7 replaced, everything around it correct. */
export const withPkcs7 = (image: Buffer, pkcs7: Buffer): Buffer => withTable(image, entry(pkcs7));

const withOther = (change: (pkcs7: Buffer) => Buffer) => (image: Buffer) =>
  withPkcs7(image, change(findSignature(image).pkcs7));

const hidden = (name: string, because: RegExp, mutate: SignatureMutation["mutate"]): SignatureMutation => ({
  name,
  check: "certificate-table",
  because,
  mutate,
});

export const SIGNATURE_MUTATIONS: readonly SignatureMutation[] = [
  hidden(
    "A: 128 KiB inside the only entry",
    /bytes are hidden behind the signature, inside its entry/,
    (image) => withTable(image, entry(Buffer.concat([findSignature(image).pkcs7, filling(131_072)]))),
  ),
  hidden(
    "B: the directory enlarged, the entry unchanged",
    /belong to no entry|impossible length|not a PKCS#7/,
    (image) => {
      const { table } = findSignature(image);
      return withTable(image, Buffer.concat([image.subarray(table), filling(65_536)]));
    },
  ),
  hidden("C: bytes after the table", /follow the certificate table/, (image) =>
    Buffer.concat([image, filling(65_536)]),
  ),
  hidden("D: a second entry of junk", /holds \d+ entries|does not begin with a DER value/, (image) => {
    const { table } = findSignature(image);
    return withTable(image, Buffer.concat([image.subarray(table), entry(filling(4096))]));
  }),
  {
    name: "E: one byte of the body flipped",
    check: "integrity",
    because: /changed after it was signed/,
    mutate: (image) => {
      const copy = Buffer.from(image);
      copy[0x2000] = (copy[0x2000] ?? 0) ^ 1;
      return copy;
    },
  },
  hidden(
    "F1: 126 KiB in an unsigned attribute",
    /hidden in an unsigned attribute/,
    withOther((pkcs7) =>
      addUnsigned(pkcs7, wrap(0x30, UNKNOWN_TYPE, wrap(0x31, wrap(0x04, filling(129_024))))),
    ),
  ),
  hidden(
    "F2: a superfluous certificate with a 20 KB extension",
    /hidden in the extensions of a certificate/,
    withOther((pkcs7) => addCertificate(pkcs7, strayCertificate(pkcs7, 20_000))),
  ),
  hidden("G: dirty padding inside the entry", /padding behind the signature is not zero/, (image) => {
    const { pkcs7 } = findSignature(image);
    return withTable(image, entry(Buffer.concat([pkcs7, Buffer.from("abc")])));
  }),
  hidden(
    "H: an exact entry and a dirty gap behind it",
    /padding behind the signature is not zero/,
    (image) => {
      const pkcs7 = addUnsigned(findSignature(image).pkcs7, oddTimestampFiller(findSignature(image).pkcs7));
      const table = entry(pkcs7);
      table.fill(0x41, 8 + pkcs7.length);
      return withTable(image, table);
    },
  ),
  hidden(
    "I: indefinite outer length",
    /does not begin with a DER value/,
    withOther((pkcs7) => Buffer.concat([Buffer.from([0x30, 0x80]), tlv(pkcs7).content, Buffer.alloc(2)])),
  ),
  hidden(
    "J: over-long outer length",
    /does not begin with a DER value/,
    withOther((pkcs7) => {
      const { content } = tlv(pkcs7);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(content.length);
      return Buffer.concat([Buffer.from([0x30, 0x84]), length, content]);
    }),
  ),
  hidden("K: the table begins inside a section", /lies inside the image/, (image) => {
    const { directory, table, tableBytes } = findSignature(image);
    const copy = Buffer.from(image);
    copy.writeUInt32LE(table - 4096, directory);
    copy.writeUInt32LE(tableBytes + 4096, directory + 4);
    return copy;
  }),
  hidden(
    "L: bytes behind SignedData inside ContentInfo",
    /ContentInfo has 3 fields/,
    withOther((pkcs7) => wrap(0x30, tlv(pkcs7).content, wrap(0x04, filling(8000)))),
  ),
  {
    name: "M: two SignerInfos",
    check: "integrity",
    because: /2 signers/,
    mutate: withOther((pkcs7) =>
      editSigners(pkcs7, (signers) => wrap(0x31, tlv(signers).content, tlv(signers).content)),
    ),
  },
  hidden("N: an entry of another revision", /is not a PKCS#7 signature/, (image) => patch(image, 4, 0x0100)),
  hidden("O: an entry of another type", /is not a PKCS#7 signature/, (image) => patch(image, 6, 0x0001)),
  hidden(
    "P: bytes in the parameters of a digest algorithm",
    /stand between the parts/,
    withOther((pkcs7) =>
      editBody(pkcs7, (fields) => {
        const [, digests = Buffer.alloc(0)] = fields;
        const algorithm = children(tlv(digests).content)[0] ?? Buffer.alloc(0);
        const [oid = Buffer.alloc(0)] = children(tlv(algorithm).content);
        return fields.with(1, wrap(0x31, wrap(0x30, oid, wrap(0x04, filling(60_000)))));
      }),
    ),
  ),
  hidden(
    "Q: a nested signature that is none",
    /cannot be read/,
    withOther((pkcs7) =>
      addUnsigned(pkcs7, wrap(0x30, NESTED_TYPE, wrap(0x31, wrap(0x30, wrap(0x04, filling(60_000)))))),
    ),
  ),
  hidden(
    "R: a timestamp that is none",
    /larger than timestamps|no signature covers/,
    withOther((pkcs7) =>
      addUnsigned(pkcs7, wrap(0x30, TOKEN_TYPE, wrap(0x31, wrap(0x30, wrap(0x04, filling(60_000)))))),
    ),
  ),
  hidden(
    "S: many superfluous certificates",
    /used by no path/,
    withOther((pkcs7) =>
      Array.from({ length: 16 }).reduce<Buffer>(
        (der) => addCertificate(der, strayCertificate(pkcs7, 1500)),
        pkcs7,
      ),
    ),
  ),
  hidden(
    "T: revocation data of no use",
    /revocation data/,
    withOther((pkcs7) =>
      editBody(pkcs7, (fields) =>
        fields.toSpliced(-1, 0, wrap(0xa1, wrap(0x30, wrap(0x04, filling(60_000))))),
      ),
    ),
  ),
  hidden(
    "U: the issuer's certificate in a fatter copy",
    /hidden in the extensions of a certificate|used by no path/,
    withOther((pkcs7) => addCertificate(pkcs7, strayCertificate(pkcs7, 20_000, true))),
  ),
];

const UNKNOWN_TYPE = Buffer.from("060a2b060104018237630102", "hex");
const NESTED_TYPE = Buffer.from("060a2b060104018237020401", "hex");
const TOKEN_TYPE = Buffer.from("060a2b060104018237030301", "hex");

function patch(image: Buffer, offset: number, value: number): Buffer {
  const copy = Buffer.from(image);
  copy.writeUInt16LE(value, findSignature(image).table + offset);
  return copy;
}

/** An attribute long enough to leave a gap of 1 to 7 bytes behind the PKCS#7. */
function oddTimestampFiller(pkcs7: Buffer): Buffer {
  for (let sizeBytes = 1; sizeBytes < 9; sizeBytes += 1) {
    const attribute = wrap(0x30, UNKNOWN_TYPE, wrap(0x31, wrap(0x04, filling(sizeBytes))));
    if (addUnsigned(pkcs7, attribute).length % 8 === 5) return attribute;
  }
  return wrap(0x30, UNKNOWN_TYPE, wrap(0x31, wrap(0x04, filling(3))));
}

/**
 * The first certificate of the set with another serial number and one extension more: no signature fits it any more.
 * @param sameName - of a certificate that issued another, so that name and key fit an issuer's
 */
function strayCertificate(pkcs7: Buffer, extensionBytes: number, sameName = false): Buffer {
  const certificates = children(tlv(bodyFields(pkcs7)[3] ?? Buffer.alloc(0)).content);
  const chosen =
    (sameName ? certificates.find((one) => isIssuer(one, certificates)) : certificates[0]) ?? Buffer.alloc(0);
  const [tbs = Buffer.alloc(0), ...rest] = children(tlv(chosen).content);
  const fields = children(tlv(tbs).content);
  const extensions = fields.at(-1) ?? Buffer.alloc(0);
  const [list = Buffer.alloc(0)] = children(tlv(extensions).content);
  const extension = wrap(0x30, UNKNOWN_TYPE, wrap(0x04, filling(extensionBytes)));
  const serial = Buffer.concat([Buffer.from([0x02, 0x08, 0x11]), randomFillSync(Buffer.alloc(7))]);
  const other = fields.with(-1, wrap(0xa3, wrap(0x30, tlv(list).content, extension))).with(1, serial);
  return wrap(0x30, wrap(0x30, ...other), ...rest);
}

function isIssuer(candidate: Buffer, certificates: readonly Buffer[]): boolean {
  const fieldsOf = (one: Buffer) => children(tlv(children(tlv(one).content)[0] ?? Buffer.alloc(0)).content);
  const subject = fieldsOf(candidate)[5];
  return certificates.some(
    (one) => one !== candidate && subject !== undefined && fieldsOf(one)[3]?.equals(subject) === true,
  );
}

export function addCertificate(pkcs7: Buffer, certificate: Buffer): Buffer {
  return editBody(pkcs7, (fields) =>
    fields.with(3, wrap(0xa0, tlv(fields[3] ?? Buffer.alloc(0)).content, certificate)),
  );
}

export function addUnsigned(pkcs7: Buffer, attribute: Buffer): Buffer {
  return editSigners(pkcs7, (signers) => {
    const fields = children(tlv(children(tlv(signers).content)[0] ?? Buffer.alloc(0)).content);
    const last = fields.at(-1) ?? Buffer.alloc(0);
    const edited =
      last[0] === 0xa1
        ? fields.with(-1, wrap(0xa1, tlv(last).content, attribute))
        : [...fields, wrap(0xa1, attribute)];
    return wrap(0x31, wrap(0x30, ...edited));
  });
}

const editSigners = (pkcs7: Buffer, edit: (signers: Buffer) => Buffer): Buffer =>
  editBody(pkcs7, (fields) => fields.with(-1, edit(fields.at(-1) ?? Buffer.alloc(0))));

function editBody(pkcs7: Buffer, edit: (fields: Buffer[]) => Buffer[]): Buffer {
  const [type = Buffer.alloc(0)] = children(tlv(pkcs7).content);
  return wrap(0x30, type, wrap(0xa0, wrap(0x30, ...edit(bodyFields(pkcs7)))));
}

function bodyFields(pkcs7: Buffer): Buffer[] {
  const [, wrapper = Buffer.alloc(0)] = children(tlv(pkcs7).content);
  return children(tlv(tlv(wrapper).content).content);
}

function children(content: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < content.length; ) {
    const { whole } = tlv(content.subarray(at));
    found.push(content.subarray(at, at + whole));
    at += whole;
  }
  return found;
}

function tlv(bytes: Buffer): { whole: number; content: Buffer } {
  const first = bytes[1] ?? 0;
  const count = first < 0x80 ? 0 : first & 0x7f;
  const length = count === 0 ? first : bytes.readUIntBE(2, count);
  return { whole: 2 + count + length, content: bytes.subarray(2 + count, 2 + count + length) };
}

/** One DER value around others. */
export function wrap(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head =
    length < 0x80
      ? [length]
      : length < 0x100
        ? [0x81, length]
        : length < 0x1_0000
          ? [0x82, length >> 8, length & 0xff]
          : [0x83, length >> 16, (length >> 8) & 0xff, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}
