/**
 * Containers that are known by their marks and that no format here opens yet. What holds files must not pass for
 * plain data: nobody has seen what is inside. A format that learns to open one takes its line away.
 * Source: the marks in the formats' documents, as `file(1)` knows them.
 * @module
 */

import type { Budget, ByteSource } from "@sallyport/core";
import type { Finding } from "../finding.ts";
import type { Glimpse } from "../formats/format.ts";
import type { Place } from "./place.ts";
import { isFilling } from "./reading.ts";

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
  // File systems and disks. Sources: the super blocks in Linux's sources; the formats of the makers of virtual machines.
  mark("exfat", "an exFAT file system", "EXFAT   ", 3),
  mark("refs", "a ReFS file system", "ReFS\0\0\0\0", 3),
  mark("bitlocker", "a disk that BitLocker encrypts", "-FVE-FS-", 3),
  mark("xfs", "an XFS file system", "XFSB\0\0"),
  mark("f2fs", "an F2FS file system", "\x10\x20\xf5\xf2", 1024),
  mark("erofs", "an EROFS image", "\xe2\xe1\xf5\xe0", 1024),
  mark("romfs", "a romfs image", "-rom1fs-"),
  mark("ubi", "a UBI image", "UBI#\x01\0\0\0"),
  mark("ubifs", "a UBIFS image", "\x31\x18\x10\x06"),
  mark("luks", "a disk that LUKS encrypts", "LUKS\xba\xbe"),
  mark("lvm", "a disk of LVM", "LABELONE", 512),
  mark("vmdk", "the description of a virtual disk", "# Disk DescriptorFile"),
  mark("vmdk", "a virtual disk of VMware", "COWD\x01\0\0\0"),
  mark("parallels", "a virtual disk of Parallels", "WithoutFreeSpace"),
  mark("parallels", "a virtual disk of Parallels", "WithouFreSpacExt"),
  mark("ewf", "a disk image of EnCase", "EVF\x09\x0d\x0a\xff\0"),
  mark("wim", "a Windows image to be piped", "WLPWM\0\0\0"),
  // Archives. Sources: their makers' documents, as file(1) cites them.
  mark("ace", "an ACE archive", "**ACE**", 7),
  mark("zoo", "a ZOO archive", "\xdc\xa7\xc4\xfd", 20),
  mark("stuffit", "a StuffIt archive", "rLau", 10),
  mark("stuffit", "a StuffIt archive", "StuffIt (c)1997-"),
  mark("alz", "an ALZ archive", "ALZ\x01"),
  mark("egg", "an EGG archive", "EGGA\0\x01"),
  mark("zpaq", "a ZPAQ archive", "7kSt\xa0\x31\x83\xd3"),
  mark("zpaq", "a ZPAQ archive", "zPQ\x01"),
  mark("zpaq", "a ZPAQ archive", "zPQ\x02"),
  mark("kwaj", "a compressed file of Windows (KWAJ)", "KWAJ\x88\xf0\x27\xd1"),
  mark("hxs", "help of Windows (ITOL)", "ITOLITLS"),
  mark("installshield", "an InstallShield archive", "\x13\x5d\x65\x8c"),
  mark("rar", "a RAR archive of before 1996", "RE~^"),
  mark("freearc", "a FreeArc archive", "ArC\x01"),
  mark("dump", "a backup by dump(8)", "\x6c\xea\0\0", 24),
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
const CARRIED_BYTES: UnopenedContainer = { id: "data", title: "of no format that is known here" };

/** What a program carries behind itself must be of a known kind, or fill a block up. */
export async function findCarried(
  source: ByteSource,
  { isCarried }: Pick<Place, "isCarried">,
  budget: Budget,
): Promise<UnopenedContainer | undefined> {
  return isCarried && !(await isFilling(source, budget)) ? CARRIED_BYTES : undefined;
}

export const unopenedFinding = ({ id, title }: UnopenedContainer): Finding => ({
  check: "opened",
  outcome: "unknown",
  because: `not opened: it is ${title}${id === "data" ? "" : ", which cannot be opened yet"}`,
  facts: { code: "artifact.unsupported", limit: "", format: id },
});
