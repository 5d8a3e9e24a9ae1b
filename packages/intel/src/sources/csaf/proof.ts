/**
 * Holds documents against the hashes and OpenPGP signatures beside them. What does not fit does not count; what has no
 * signature counts as far as the way it came, and that is said.
 * Source: OASIS CSAF 2.0, §7.1.18 to §7.1.20.
 * @module
 */

import { createHash } from "node:crypto";
import { ArtifactError, hasCode } from "@sallyport/core";
import { issuerOf, readSignatures, type Signature, type Verdict, verifySignatures } from "@sallyport/openpgp";
import { readBytes } from "../../reading/index.ts";
import type { ReadContext, SourceFile } from "../../source.ts";
import { type Keys, readKeys } from "./keys.ts";
import { HASHES, isProofFile, MAX_HASH_BYTES, MAX_SIGNATURE_BYTES } from "./proof-files.ts";

const SHOWN_CHARACTERS = 100;

/** What is said of documents together: who signed how many. */
export class Proofs {
  readonly #context: ReadContext;
  readonly #keys: Keys;
  readonly #files: ReadonlyMap<string, SourceFile>;
  readonly #signed = new Map<string, number>();
  readonly #unchecked = new Map<string, number>();
  #unsigned = 0;
  #withoutHash = 0;

  private constructor(context: ReadContext, keys: Keys, files: ReadonlyMap<string, SourceFile>) {
    this.#context = context;
    this.#keys = keys;
    this.#files = files;
  }

  static async among(files: readonly SourceFile[], context: ReadContext): Promise<Proofs> {
    const proofs = files.filter(({ name }) => isProofFile(name));
    const byName = new Map(proofs.map((file) => [file.name, file]));
    return new Proofs(context, await readKeys(proofs, context), byName);
  }

  /** @returns why the document does not count, to follow its name; undefined when nothing speaks against it */
  async against(name: string, bytes: Uint8Array): Promise<string | undefined> {
    try {
      return (await this.#againstHash(name, bytes)) ?? (await this.#againstSignature(name, bytes));
    } catch (error) {
      // Packed so that it unpacks without end, or cut short: the other documents are not to suffer for it.
      if (!hasCode(error, "feed.malformed", "feed.truncated", "feed.over-limit")) throw error;
      return `has a hash or signature that cannot be read: ${error.message}`;
    }
  }

  /** One sentence per thing that is to be known of them all. */
  *summary(): Iterable<string> {
    for (const [signer, count] of this.#signed) yield `${documents(count)} signed by ${signer}`;
    for (const [because, count] of this.#unchecked)
      yield `${documents(count)} signed in a way that cannot be checked, and proven by the connection alone: ${because}`;
    if (this.#unsigned > 0)
      yield `${documents(this.#unsigned)} without a signature, and proven by the connection alone`;
    if (this.#withoutHash > 0)
      yield `${documents(this.#withoutHash)} beside a hash file that holds no hash, which was passed over`;
  }

  /** §7.1.18: hexadecimal digits from the first byte on; what follows stands behind a space. */
  async #againstHash(name: string, bytes: Uint8Array): Promise<string | undefined> {
    for (const kind of HASHES) {
      const file = this.#files.get(`${name}.${kind}`);
      if (file === undefined) continue;
      const text = (await readBytes(file, this.#context, MAX_HASH_BYTES)).toString("latin1");
      const written = /^([0-9a-f]{64,128})(?:\s|$)/i.exec(text)?.[1]?.toLowerCase() ?? "";
      const actual = createHash(kind).update(bytes).digest("hex");
      if (written.length !== actual.length) this.#withoutHash += 1;
      else if (written !== actual) return `is not what its provider hashed: its ${kind} is ${actual}`;
    }
    return undefined;
  }

  async #againstSignature(name: string, bytes: Uint8Array): Promise<string | undefined> {
    const file = this.#files.get(`${name}.asc`);
    if (file === undefined) {
      this.#unsigned += 1;
      return undefined;
    }
    const verdicts = await this.#verdictsOf(await readBytes(file, this.#context, MAX_SIGNATURE_BYTES), bytes);
    if (typeof verdicts === "string") return verdicts;
    const valid = verdicts.filter(({ outcome, isWeakDigest }) => outcome === "valid" && !isWeakDigest);
    const signer = valid.find((one) => this.#isEntered(one)) ?? valid[0];
    if (signer !== undefined) add(this.#signed, this.#nameOf(signer));
    else return this.#withoutSigner(verdicts);
    return undefined;
  }

  async #verdictsOf(signature: Buffer, document: Uint8Array): Promise<readonly Verdict[] | string> {
    let signatures: readonly Signature[];
    try {
      signatures = readSignatures(signature);
    } catch (error) {
      if (!(error instanceof ArtifactError)) throw error;
      return `has a signature that cannot be read: ${error.message}`;
    }
    if (signatures.length === 0) return "has a signature file without a signature";
    const pieces = (async function* () {
      yield document;
    })();
    return verifySignatures(signatures, pieces, this.#keys.certificates, { now: this.#context.now });
  }

  #withoutSigner(verdicts: readonly Verdict[]): string | undefined {
    const broken = verdicts.find(({ outcome }) => outcome === "wrong" || outcome === "not-allowed");
    if (broken !== undefined) return `has a signature that does not count: ${broken.because}`;
    const strange = verdicts.find(({ outcome }) => outcome === "unknown-key");
    if (strange !== undefined && this.#keys.isNamed)
      return `is signed by the key ${issuerOf(strange.signature)}, which its provider does not name; if it is right, enter it with intel add key, and sync --again`;
    const [first] = verdicts;
    const because =
      first?.outcome === "valid"
        ? `it rests on ${first.digestAlgorithm.toUpperCase()}, which can be forged`
        : strange === undefined
          ? (first?.because ?? "")
          : "nobody names the key that made it";
    add(this.#unchecked, because);
    return undefined;
  }

  #isEntered({ signer }: Verdict): boolean {
    return signer !== undefined && this.#keys.entered.has(signer.certificate.primary.fingerprint);
  }

  #nameOf(verdict: Verdict): string {
    const fingerprint = verdict.signer?.certificate.primary.fingerprint ?? "";
    const owner = verdict.userId === undefined ? "" : ` (${verdict.userId.slice(0, SHOWN_CHARACTERS)})`;
    return this.#isEntered(verdict)
      ? `the key ${fingerprint}${owner}, which was entered here`
      : `the key ${fingerprint}${owner}, which only the provider itself names: as good as its https connection`;
  }
}

const documents = (count: number): string => (count === 1 ? "1 document is" : `${count} documents are`);

const add = (counts: Map<string, number>, key: string): void =>
  void counts.set(key, (counts.get(key) ?? 0) + 1);
