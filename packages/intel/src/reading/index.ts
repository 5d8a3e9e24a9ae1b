export { readBytes } from "./content.ts";
export { csvRecords } from "./csv.ts";
export { documentsOf } from "./documents.ts";
export { decodeText, parseJson, readJsonFile } from "./json.ts";
export { type Line, linesOf } from "./lines.ts";
export { rowOrSkip, rowOrThrow } from "./rows.ts";
export {
  dayOf,
  excerpt,
  instantOf,
  isJsonObject,
  member,
  memberAt,
  optionalDay,
  optionalInstant,
  optionalList,
  optionalText,
  refuse,
  requiredList,
  requiredObject,
  requiredText,
  textList,
} from "./values.ts";
export { zipDate } from "./zip.ts";
