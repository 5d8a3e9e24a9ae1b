import { gzipSync } from "node:zlib";
import { buildAr } from "../ar/ar.fixture.ts";
import { SAMPLE_TEXT } from "../sample-text.fixture.ts";
import { type TarFile, writeTar } from "./tar.fixture.ts";

export const CONTROL = [
  "Package: sample",
  "Version: 1.2-3",
  "Architecture: amd64",
  "Maintainer: Example Makers <makers@example.org>",
  "Description: a sample",
  " of several: lines",
  "",
].join("\n");

export const controlTar = (control = CONTROL, more: readonly TarFile[] = []): Buffer =>
  writeTar([{ name: "./control", bytes: control }, ...more]);

export const dataTar = (): Buffer => writeTar([{ name: "./usr/share/doc/sample/a.txt", bytes: SAMPLE_TEXT }]);

export const sample = (): Buffer =>
  buildAr([
    { name: "debian-binary", bytes: "2.0\n" },
    { name: "control.tar.gz", bytes: gzipSync(controlTar()) },
    { name: "data.tar.gz", bytes: gzipSync(dataTar()) },
  ]);
