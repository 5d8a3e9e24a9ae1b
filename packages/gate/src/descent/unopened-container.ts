/**
 * Containers that are known by their marks and that no format here opens yet. What holds files must not pass for
 * plain data: nobody has seen what is inside. A format that learns to open one takes its line away.
 * Source: the marks in the formats' documents, as `file(1)` knows them.
 * @module
 */

import type { Finding } from "../finding.ts";
import type { Glimpse } from "../formats/format.ts";

export interface UnopenedContainer {
  /** Shown as the format. */
  readonly id: string;
  readonly title: string;
}

interface Mark extends UnopenedContainer {
  readonly text: string;
  /** From the start; from the end when negative. */
  readonly offset: number;
}

const mark = (id: string, title: string, text: string, offset = 0): Mark => ({ id, title, text, offset });

/** Texts are Latin-1. */
const MARKS: readonly Mark[] = [
  mark("installshield", "an InstallShield cabinet", "ISc("),
  // What its stubs carry behind themselves, by the tables of ISx, a reader of theirs.
  mark("installshield", "an InstallShield installer's data", "InstallShield\0"),
  mark("installshield", "an InstallShield installer's data", "ISSetupStream\0"),
  mark(
    "setup-factory",
    "a Setup Factory installer's data",
    "\xe0\xe0\xe1\xe1\xe2\xe2\xe3\xe3\xe4\xe4\xe5\xe5\xe6\xe6\xe7\xe7",
  ),
  mark("setup-factory", "a Setup Factory installer's data", "\xe0\xe1\xe2\xe3\xe4\xe5\xe6\xe7"),
  mark(
    "autoit",
    "a compiled AutoIt script",
    "\xa3\x48\x4b\xbe\x98\x6c\x4a\xa9\x99\x4c\x53\x0a\x86\xd6\x48\x7d",
  ),
  // The last eight bytes. Source: Qt Installer Framework, src/libs/installer/binarycontent.h.
  mark("qt-installer", "a Qt installer's data", "\xf8\x68\xd6\x99\x1c\x0a\x63\xc2", -8),
  // A cookie ends it: the mark, then sizes, offsets and the name of the library. Source: PyInstaller, archive/writers.py.
  mark("pyinstaller", "a PyInstaller program's data", "MEI\x0c\x0b\x0a\x0b\x0e", -88),
];

/** @returns the container that a file is by its marks */
export function findUnopened({ head, tail }: Glimpse): UnopenedContainer | undefined {
  return MARKS.find(({ text, offset }) => {
    const part = offset < 0 ? tail : head;
    const start = offset < 0 ? part.length + offset : offset;
    // Nearly always the first byte says no, without a text being made.
    if (start < 0 || part[start] !== text.charCodeAt(0)) return false;
    return part.toString("latin1", start, start + text.length) === text;
  });
}

/** An installer that nothing here knows keeps its files like this. */
export const CARRIED_BYTES: UnopenedContainer = { id: "data", title: "of no format that is known here" };

export const unopenedFinding = ({ id, title }: UnopenedContainer): Finding => ({
  check: "opened",
  outcome: "unknown",
  because: `not opened: it is ${title}${id === "data" ? "" : ", which cannot be opened yet"}`,
  facts: { code: "artifact.unsupported", limit: "", format: id },
});
