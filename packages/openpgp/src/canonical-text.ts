/** Text as signatures of type 0x01 are made over it: every line ends in CR LF. Source: RFC 9580 §5.2.1.2. @module */

const [LF, CR] = [0x0a, 0x0d];

export class CanonicalText {
  #endsInReturn = false;
  #isText = true;

  /** False when there was something that no text has. */
  get isText(): boolean {
    return this.#isText;
  }

  /** Converts the next piece of the text; a lone LF becomes CR LF, everything else stays. */
  convert(bytes: Uint8Array): Uint8Array {
    this.#isText &&= bytes.indexOf(0) < 0;
    let lines = 0;
    for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) lines += 1;
    const converted = Buffer.allocUnsafe(bytes.length + lines);
    let [length, start] = [0, 0];
    for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) {
      converted.set(bytes.subarray(start, at), length);
      length += at - start;
      const before = at > 0 ? bytes[at - 1] === CR : this.#endsInReturn;
      if (!before) length = converted.writeUInt8(CR, length);
      length = converted.writeUInt8(LF, length);
      start = at + 1;
    }
    converted.set(bytes.subarray(start), length);
    if (bytes.length > 0) this.#endsInReturn = bytes.at(-1) === CR;
    return converted.subarray(0, length + bytes.length - start);
  }
}
