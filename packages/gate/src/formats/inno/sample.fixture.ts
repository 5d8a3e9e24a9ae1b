import { SAMPLE_TEXT } from "../sample-text.fixture.ts";
import { buildInstaller } from "./installer.fixture.ts";

export const sample = (): Buffer =>
  buildInstaller({ files: { "{app}\\a.txt": SAMPLE_TEXT }, method: "zlib" }).bytes;
