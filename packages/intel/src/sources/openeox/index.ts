/**
 * What makers declare of the ends of their products, in OpenEoX's words: the strongest word beside the organisation's own, and
 * worth nothing without a seal that somebody here trusts.
 * @module
 */

import type { Fact } from "../../fact.ts";
import { decodeText, member, parseJson, readJsonFile, refuse, rowOrThrow } from "../../reading/index.ts";
import { repeatedName } from "../../reading/unique-names.ts";
import type { IntelSource, ReadContext, SourceFile } from "../../source.ts";
import { CORE_SCHEMA } from "./core.ts";
import { type Declaration, readDeclaration } from "./declaration.ts";
import { MAX_PAYLOAD_BYTES, OPENEOX_TYPE, unseal } from "./seal.ts";

export const openeox: IntelSource = {
  id: "openeox",
  title: "OpenEoX declarations",
  answers: ["lifecycle"],
  document: "OpenEoX Core 1.0 (CSD 01); DSSE v1; CSAF 2.0 §3.2.2",
  licence: "the declaring maker's",
  authority: "supplier",
  staleAfterDays: 730,
  onBadRow: "reject",
  recognises(_, head) {
    const text = Buffer.from(head).toString("latin1");
    return text.includes(OPENEOX_TYPE) || text.includes(CORE_SCHEMA);
  },
  async *read(files, context): AsyncGenerator<Fact> {
    for (const file of files) yield* (await declarationIn(file, context)).facts;
  },
  async asOf(files, context) {
    const dates: string[] = [];
    for (const file of files) dates.push((await declarationIn(file, context)).issuedAt);
    return dates.sort().at(-1);
  },
};

async function declarationIn(file: SourceFile, context: ReadContext): Promise<Declaration> {
  const envelope = await readJsonFile(file, context, MAX_PAYLOAD_BYTES * 2);
  return rowOrThrow({ file: file.name }, () => {
    if (member(envelope, "$schema") === CORE_SCHEMA)
      refuse(
        "$schema",
        "is that of a core, which names no product; seal it for one with: sallyport intel declare",
      );
    const payload = unseal(envelope, context.trustedKeys ?? [], file.name);
    const repeated = repeatedName(decodeText(payload, file.name));
    if (repeated !== undefined) refuse(repeated.slice(0, 80), "stands twice in one object");
    return readDeclaration(parseJson(payload, file.name));
  });
}
