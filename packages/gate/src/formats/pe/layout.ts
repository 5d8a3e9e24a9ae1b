/**
 * Do the headers tell the truth about the file? What Windows maps and what another reader sees must be the same.
 * Source: Microsoft, PE Format, "Optional Header" and "Section Table".
 * @module
 */

import type { Finding } from "../../finding.ts";
import { cutShort, doubt, lie, worstLayoutFindings } from "../layout-findings.ts";
import { type PeHeaders, RESOURCE_SECTION, type Section } from "./headers.ts";

/**
 * Contradictions between the headers and the file; none for an honest image.
 * @param displaced - sections whose place in the table is known to be an old one
 */
export function examineLayout(
  headers: PeHeaders,
  fileBytes: number,
  displaced: readonly Section[],
): readonly Finding[] {
  return worstLayoutFindings([
    ...headerFindings(headers, fileBytes),
    ...sectionFindings(headers, fileBytes, displaced),
  ]);
}

function headerFindings(headers: PeHeaders, fileBytes: number): Finding[] {
  const findings: Finding[] = [];
  const { offsetBytes, sizeBytes } = headers.sectionTable;
  if (headers.sizeOfHeadersBytes > fileBytes)
    findings.push(
      cutShort("the headers claim to be larger than the file", {
        sizeOfHeadersBytes: headers.sizeOfHeadersBytes,
      }),
    );
  if (headers.sizeOfHeadersBytes < offsetBytes + sizeBytes)
    findings.push(
      lie("the section table lies outside of what the headers claim as theirs", { offsetBytes, sizeBytes }),
    );
  return findings;
}

function sectionFindings(headers: PeHeaders, fileBytes: number, displaced: readonly Section[]): Finding[] {
  const findings: Finding[] = [];
  const tableEnd = headers.sectionTable.offsetBytes + headers.sectionTable.sizeBytes;
  let before: Section | undefined;
  const inFile = headers.sections.filter((section) => section.rawSizeBytes > 0);
  for (const section of inFile.toSorted((a, b) => a.rawOffsetBytes - b.rawOffsetBytes)) {
    const facts = {
      section: section.name,
      offsetBytes: section.rawOffsetBytes,
      lengthBytes: section.rawSizeBytes,
    };
    if (endOf(section) > fileBytes)
      findings.push(cutShort("a section reaches past the end of the file", { ...facts, fileBytes }));
    if (section.rawOffsetBytes < tableEnd)
      findings.push(lie("a section's data lies inside the headers", facts));
    const isExplained = before?.name === RESOURCE_SECTION && displaced.includes(section);
    if (before !== undefined && section.rawOffsetBytes < endOf(before) && !isExplained)
      // The loader maps both.
      findings.push(doubt("two sections share the same bytes of the file", { ...facts, other: before.name }));
    if (before === undefined || endOf(section) > endOf(before)) before = section;
  }
  return findings;
}

const endOf = (section: Section): number => section.rawOffsetBytes + section.rawSizeBytes;
