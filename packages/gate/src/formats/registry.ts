import { defineRegistry } from "@sallyport/core";
import { sevenZip } from "./7z/index.ts";
import { androidSparse } from "./android-sparse/index.ts";
import { apfs } from "./apfs/index.ts";
import { apm } from "./apm/index.ts";
import { ar } from "./ar/index.ts";
import { arj } from "./arj/index.ts";
import { asar } from "./asar/index.ts";
import { assemblyManifest } from "./assembly-manifest/index.ts";
import { burn } from "./burn/index.ts";
import { bzip2 } from "./bzip2/index.ts";
import { cab } from "./cab/index.ts";
import { catalog } from "./catalog/index.ts";
import { chm } from "./chm/index.ts";
import { clearSigned } from "./clear-signed/index.ts";
import { compress } from "./compress/index.ts";
import { cpio } from "./cpio/index.ts";
import { cramfs } from "./cramfs/index.ts";
import { deb } from "./deb/index.ts";
import { dmg } from "./dmg/index.ts";
import { elf } from "./elf/index.ts";
import { ext } from "./ext/index.ts";
import { fat } from "./fat/index.ts";
import { flatpak } from "./flatpak/index.ts";
import type { Format } from "./format.ts";
import { gpt } from "./gpt/index.ts";
import { gzip } from "./gzip/index.ts";
import { hfs } from "./hfs/index.ts";
import { inno } from "./inno/index.ts";
import { iso } from "./iso/index.ts";
import { lz4 } from "./lz4/index.ts";
import { lzh } from "./lzh/index.ts";
import { lzip } from "./lzip/index.ts";
import { lzma } from "./lzma/index.ts";
import { machO } from "./mach-o/index.ts";
import { mbr } from "./mbr/index.ts";
import { moduleSignature } from "./module-signature/index.ts";
import { nsis } from "./nsis/index.ts";
import { ntfs } from "./ntfs/index.ts";
import { ole } from "./ole/index.ts";
import { pbzx } from "./pbzx/index.ts";
import { pe } from "./pe/index.ts";
import { qcow } from "./qcow/index.ts";
import { rar } from "./rar/index.ts";
import { rpm } from "./rpm/index.ts";
import { script } from "./script/index.ts";
import { selfExtractingScript } from "./self-extracting-script/index.ts";
import { squashfs } from "./squashfs/index.ts";
import { szdd } from "./szdd/index.ts";
import { tar } from "./tar/index.ts";
import { vdi } from "./vdi/index.ts";
import { vhd } from "./vhd/index.ts";
import { vhdx } from "./vhdx/index.ts";
import { vmdk } from "./vmdk/index.ts";
import { wim } from "./wim/index.ts";
import { xar } from "./xar/index.ts";
import { xz } from "./xz/index.ts";
import { zip } from "./zip/index.ts";
import { zstd } from "./zstd/index.ts";

/** In the order in which they are asked: the most exact mark first. */
export const formats = defineRegistry<Format>("format", [
  pe,
  elf,
  machO,
  ole,
  burn,
  inno,
  nsis,
  cab,
  dmg,
  xar,
  deb,
  ar,
  rpm,
  zip,
  sevenZip,
  rar,
  iso,
  wim,
  squashfs,
  cramfs,
  chm,
  lzh,
  arj,
  vhdx,
  vmdk,
  qcow,
  vdi,
  vhd,
  apfs,
  hfs,
  ext,
  ntfs,
  fat,
  apm,
  gpt,
  mbr,
  asar,
  flatpak,
  szdd,
  androidSparse,
  gzip,
  selfExtractingScript,
  tar,
  cpio,
  zstd,
  pbzx,
  xz,
  bzip2,
  lzip,
  lz4,
  compress,
  lzma,
  moduleSignature,
  catalog,
  clearSigned,
  assemblyManifest,
  script,
]);
