/** Patches and transforms, built. Source: as `patch.ts` and `transform.ts`, which read them. */

import { writeCabinet } from "../../replica/cabinet.ts";
import { type CompoundChild, writeCompoundFile } from "../../replica/compound-file.ts";
import { writeDatabase } from "../../replica/installer-database.ts";
import { writeSummary } from "../../replica/summary-information.ts";
import { encodeStreamName } from "./stream-name.ts";

const TRANSFORM_CLASS = Buffer.from("82100c0000000000c000000000000046", "hex");
const PATCH_CLASS = Buffer.from("86100c0000000000c000000000000046", "hex");
const PRODUCT = "{11111111-2222-3333-4444-555555555555}";
const PATCH = "{AAAAAAAA-2222-3333-4444-555555555555}";

/** Two rows of CustomAction: one inserted whole, one whose target changes. */
function writeActions(strings: readonly string[]): Buffer {
  const at = (text: string) => strings.indexOf(text) + 1;
  const words = (...numbers: number[]) => {
    const bytes = Buffer.alloc(numbers.length * 2);
    for (const [index, number] of numbers.entries()) bytes.writeUInt16LE(number, index * 2);
    return bytes;
  };
  return Buffer.concat([
    // Four columns, all of them.
    words((4 << 8) | 1, at("RunIt"), 34 + 0x8000, at("INSTALLDIR"), at("cmd.exe /c x")),
    // The key, and the fourth column.
    words(1 << 3, at("Other"), at("changed")),
    // The key alone: deleted.
    words(0, at("Gone")),
  ]);
}

function writeStrings(strings: readonly string[]): CompoundChild[] {
  const pool = Buffer.alloc(4 + strings.length * 4);
  pool.writeUInt32LE(65001, 0);
  for (const [index, text] of strings.entries()) {
    pool.writeUInt16LE(Buffer.byteLength(text), 4 + index * 4);
    pool.writeUInt16LE(1, 6 + index * 4);
  }
  return [
    { name: encodeStreamName("_StringPool", true), content: pool },
    { name: encodeStreamName("_StringData", true), content: Buffer.from(strings.join("")) },
  ];
}

const STRINGS = ["RunIt", "INSTALLDIR", "cmd.exe /c x", "Other", "changed", "Gone"];

const transformChildren = (actions = writeActions(STRINGS)): CompoundChild[] => [
  ...writeStrings(STRINGS),
  { name: encodeStreamName("CustomAction", true), content: actions },
  // One column, which is the table's name: no table of a database.
  { name: encodeStreamName("_Tables", true), content: Buffer.from("01010100", "hex") },
  writeSummary({
    title: "Transform",
    subject: "Demo",
    author: "Example Ltd",
    template: "x64;1033",
    packageCode: `${PRODUCT}1.0.0;${PRODUCT}1.0.1;{99999999-2222-3333-4444-555555555555}`,
  }),
];

export const writeTransform = (actions?: Buffer): Buffer =>
  writeCompoundFile({ classId: TRANSFORM_CLASS, children: transformChildren(actions) });

/** @param change.transforms - names of transforms, as the summary lists them */
export function writePatch(
  change: { transforms?: string; children?: readonly CompoundChild[] } = {},
): Buffer {
  const database = writeDatabase([
    {
      name: "MsiPatchMetadata",
      columns: { Company: "!S72", Property: "!s72", Value: "l0" },
      rows: [
        [null, "DisplayName", "Demo hotfix 7"],
        [null, "ManufacturerName", "Example Ltd"],
        [null, "TargetProductName", "Demo"],
        ["Somebody", "DisplayName", "not this"],
      ],
    },
  ]);
  const cabinet = writeCabinet({ files: [{ name: "a.txt", content: Buffer.from("patched ".repeat(900)) }] });
  return writeCompoundFile({
    classId: PATCH_CLASS,
    children: [
      ...database,
      { name: encodeStreamName("PCW_CAB_Demo", false), content: cabinet },
      { name: "TargetToNew", content: { classId: TRANSFORM_CLASS, children: transformChildren() } },
      writeSummary({
        title: "Patch",
        subject: "Demo",
        author: "Example Ltd",
        template: PRODUCT,
        packageCode: `${PATCH}{BBBBBBBB-2222-3333-4444-555555555555}`,
        lastAuthor: change.transforms ?? ":TargetToNew",
      }),
      ...(change.children ?? []),
    ],
  });
}
