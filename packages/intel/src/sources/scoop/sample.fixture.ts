/** A bucket with one application, as its repository is archived. @module */

import { gzipSync } from "node:zlib";
import { buildTar } from "../../witnesses/tar.fixture.ts";

const manifest = {
  version: "1.2.3",
  description: "An example",
  homepage: "https://software.example/",
  license: "MIT",
  architecture: {
    "64bit": { url: "https://software.example/app-1.2.3-x64.msi", hash: "ab".repeat(32) },
    "32bit": { url: "https://software.example/app-1.2.3-x86.msi#/dl.7z", hash: `sha256:${"CD".repeat(32)}` },
  },
};

/** As they are fetched. */
export const sample: Readonly<Record<string, Uint8Array>> = {
  "Main.tar.gz": gzipSync(
    buildTar({
      "Main-master/README.md": "# Main",
      "Main-master/bucket/app.json": JSON.stringify(manifest),
    }),
  ),
};
