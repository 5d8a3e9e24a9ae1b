/**
 * Signatures of scripts: base64 in a block at the end, found as it stands; see `formats/script/signature-block.ts`.
 * @module
 */

import { ArtifactError, asBuffer, type ByteSource, readExactly } from "@sallyport/core";
import type { Finding } from "../../finding.ts";
import {
  type BlockStyle,
  findBlocks,
  type SignatureBlock,
  STYLES,
} from "../../formats/script/signature-block.ts";
import { STYLE_OF } from "../../formats/script/signed-language.ts";
import { readScriptText, type ScriptText } from "../../formats/script/text.ts";
import type { VerifyContext } from "../scheme.ts";
import { type Carrier, NO_SIGNATURES } from "./carrier.ts";
import { hidden, type SignatureBlob, stripPadding } from "./certificate-table.ts";
import { SUBJECT_TYPES } from "./indirect-data.ts";
import { type DigestedScript, digestScript, hasOtherLineEnds, SIP_CLASSES } from "./script-digest.ts";
import type { Signature } from "./signature.ts";

/** Read whole, and decoded into twice as much. Signed scripts of more than a megabyte are rare. */
const MAX_SCRIPT_BYTES = 16 * 1024 * 1024;

/**
 * Finds the signature blocks of a script, and judges what stands around them.
 * @throws {@link ArtifactError} `artifact.over-limit` when it mentions a block and is too large to be read whole
 */
export async function openScript(source: ByteSource, context: VerifyContext): Promise<Carrier> {
  const styleName = STYLE_OF.get(context.format);
  if (styleName === undefined) return NO_SIGNATURES;
  const style: BlockStyle = STYLES[styleName];
  if (!(await mentions(source, style.begin, context))) return NO_SIGNATURES;
  const { sizeBytes } = source;
  if (sizeBytes > Math.min(MAX_SCRIPT_BYTES, context.maxHeldBytes))
    throw new ArtifactError("artifact.over-limit", "script: it is larger than signed scripts are", {
      facts: { sizeBytes, allowedBytes: Math.min(MAX_SCRIPT_BYTES, context.maxHeldBytes) },
    });
  const bytes = await readExactly(source, 0, sizeBytes, "script");
  const text = readScriptText(bytes);
  const blocks = findBlocks(text, style);
  if (blocks.length === 0) return NO_SIGNATURES;
  const placed = blocks.map((block) => ({ block, offsetBytes: offsetOf(text, block.start) }));
  const scriptOf = ({ entryOffsetBytes }: Signature): DigestedScript | undefined => {
    const found = placed.find(({ offsetBytes }) => offsetBytes === entryOffsetBytes);
    return (
      found && { bytes, text, block: found.block, isInside: style.isInside === true, budget: context.budget }
    );
  };
  const read = placed.map(({ block, offsetBytes }) => readBlob(block, offsetBytes));
  return {
    blobs: read.flatMap(({ blob }) => blob ?? []),
    findings: [...read.flatMap(({ findings }) => findings), ...judgePlaces(text, { bytes, blocks, style })],
    async digest() {
      return {
        subjectType: SUBJECT_TYPES.script,
        sipClasses: SIP_CLASSES[styleName],
        digests: new Map(),
        digestFor: (signature) => {
          const script = scriptOf(signature);
          return script && digestScript(script, signature.indirect);
        },
        explainChange: (signature) => {
          const script = scriptOf(signature);
          return script !== undefined && hasOtherLineEnds(script, signature.indirect) ? LINE_ENDS : undefined;
        },
        facts: { encoding: text.encoding },
      };
    },
  };
}

const LINE_ENDS =
  "only the ends of its lines were changed after it was signed, as version control does; the signature does not hold like this";

/** Most scripts are not signed: looked for in the bytes, in all encodings, without holding them. */
async function mentions(source: ByteSource, begin: string, { budget }: VerifyContext): Promise<boolean> {
  const wide = Buffer.from(begin, "utf16le");
  // Big-endian text holds the little-endian mark one byte further on, but for its first byte.
  const marks = [Buffer.from(begin, "latin1"), wide.subarray(0, -1)];
  let carried = Buffer.alloc(0);
  for await (const chunk of source.stream()) {
    budget.checkTime();
    const piece = Buffer.concat([carried, asBuffer(chunk)]);
    if (marks.some((mark) => piece.includes(mark))) return true;
    carried = piece.subarray(Math.max(0, piece.length - wide.length));
  }
  return false;
}

const offsetOf = (text: ScriptText, character: number): number =>
  text.markBytes + character * text.widthBytes;

function readBlob(
  { der, problem }: SignatureBlock,
  offsetBytes: number,
): { readonly blob?: SignatureBlob | undefined; readonly findings: readonly Finding[] } {
  if (der !== undefined) return stripPadding(der, offsetBytes);
  const because = `the signature block is damaged: ${problem ?? "it cannot be read"}`;
  return { findings: [{ check: "integrity", outcome: "fail", because, facts: { offsetBytes } }] };
}

/** Blank lines that an editor left behind the block; nothing else may stand there. */
const BLANK = /^[\r\n]{0,4}$/;

interface Places {
  readonly bytes: Buffer;
  readonly blocks: readonly SignatureBlock[];
  readonly style: BlockStyle;
}

/** One block, and nothing behind it: each reader takes another one of several, and skips what follows. */
function judgePlaces(text: ScriptText, { bytes, blocks, style }: Places): Finding[] {
  const findings: Finding[] = [];
  const [first] = blocks;
  const last = blocks.at(-1);
  if (first === undefined || last === undefined) return findings;
  const end = (block: SignatureBlock) => offsetOf(text, block.end);
  if (blocks.length > 1) {
    const because = `it has ${blocks.length} signature blocks: readers differ in which of them counts`;
    findings.push(hidden("S2", because, end(first), bytes.length - end(first)));
  }
  const followsBlank = BLANK.test(text.characters.slice(last.end, last.end + 8));
  const isOdd = (bytes.length - text.markBytes) % text.widthBytes !== 0;
  if ((style.isInside !== true && !followsBlank) || isOdd) {
    const because = "text follows the signature block, which the signature does not cover";
    findings.push(hidden("S1", because, end(last), bytes.length - end(last)));
  }
  return findings;
}
