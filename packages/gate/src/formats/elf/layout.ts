/**
 * Do the headers tell the truth about the file? Only what no honest linker writes is reported: segments may share
 * pages, and section headers may be missing.
 * Source: System V gABI, chapter 4 "Section Header", chapter 5 "Program Header".
 * @module
 */

import type { Finding } from "../../finding.ts";
import { cutShort, lie, worstLayoutFindings } from "../layout-findings.ts";
import { ALLOCATED, type ElfHeaders, SECTION, SEGMENT, sectionsInFile } from "./headers.ts";
import type { ElfTable } from "./table.ts";

/** Contradictions between the headers and the file; none for an honest one. */
export function examineLayout(headers: ElfHeaders, fileBytes: number): readonly Finding[] {
  return worstLayoutFindings([
    ...tableFindings(headers),
    ...segmentFindings(headers, fileBytes),
    ...sectionFindings(headers, fileBytes),
  ]);
}

function tableFindings(headers: ElfHeaders): Finding[] {
  const { headerBytes, segmentTable, sectionTable } = headers;
  const findings: Finding[] = [];
  if (segmentTable !== undefined && segmentTable.offsetBytes < headerBytes)
    findings.push(lie("the program headers lie inside the file header", factsOf(segmentTable)));
  if (sectionTable !== undefined && sectionTable.offsetBytes < headerBytes)
    findings.push(lie("the section headers lie inside the file header", factsOf(sectionTable)));
  if (segmentTable !== undefined && sectionTable !== undefined && overlap(segmentTable, sectionTable))
    findings.push(
      lie("the program headers and the section headers share the same bytes", factsOf(sectionTable)),
    );
  return findings;
}

function segmentFindings(headers: ElfHeaders, fileBytes: number): Finding[] {
  const findings: Finding[] = [];
  const mustBeThere = !isDebugCompanion(headers);
  for (const { type, offsetBytes, fileBytes: lengthBytes, memoryBytes } of headers.segments) {
    const facts = { segmentType: type, offsetBytes, lengthBytes };
    if (mustBeThere && lengthBytes > 0 && offsetBytes + lengthBytes > fileBytes)
      findings.push(cutShort("a segment reaches past the end of the file", { ...facts, fileBytes }));
    if (type === SEGMENT.load && lengthBytes > memoryBytes)
      findings.push(
        lie("a segment holds more in the file than it takes in memory", { ...facts, memoryBytes }),
      );
  }
  return findings;
}

function sectionFindings(headers: ElfHeaders, fileBytes: number): Finding[] {
  const findings: Finding[] = [];
  const table = headers.sectionTable;
  for (const { type, offsetBytes, sizeBytes } of sectionsInFile(headers)) {
    const facts = { sectionType: type, offsetBytes, lengthBytes: sizeBytes };
    if (offsetBytes + sizeBytes > fileBytes)
      findings.push(cutShort("a section reaches past the end of the file", { ...facts, fileBytes }));
    // Guile's linker makes sections of the headers themselves, whole.
    const isHeaders = offsetBytes === 0 && sizeBytes >= headers.headerBytes;
    if (offsetBytes < headers.headerBytes && !isHeaders)
      findings.push(lie("a section's data lies inside the file header", facts));
    if (table === undefined || !overlap(table, { offsetBytes, rowBytes: 1, count: sizeBytes })) continue;
    const isTable = offsetBytes === table.offsetBytes && sizeBytes === table.count * table.rowBytes;
    if (!isTable) findings.push(lie("a section's data lies inside the section headers", facts));
  }
  return findings;
}

/**
 * Debug information split off by `objcopy --only-keep-debug`: the program headers are the program's own, and the
 * sections they were made of are left without bytes, notes excepted.
 */
function isDebugCompanion({ sections }: ElfHeaders): boolean {
  const allocated = sections.filter(({ type, flags }) => flags % 4 >= ALLOCATED && type !== SECTION.note);
  return allocated.length > 0 && allocated.every(({ type }) => type === SECTION.noBits);
}

const endOf = (table: ElfTable): number => table.offsetBytes + table.count * table.rowBytes;
const overlap = (one: ElfTable, other: ElfTable): boolean =>
  one.offsetBytes < endOf(other) && other.offsetBytes < endOf(one);
const factsOf = (table: ElfTable): Finding["facts"] => ({
  offsetBytes: table.offsetBytes,
  lengthBytes: table.count * table.rowBytes,
});
