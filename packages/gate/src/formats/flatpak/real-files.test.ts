/** A bundle that Debian's flatpak makes of a repository of ostree's. */

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hasApt, NO_APT } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { expectTree, runTool, type Tool, withTree } from "../../long-tail/real-image.fixture.ts";
import { flatpak } from "./index.ts";

const NEEDS = (
  "libacl1 libappstream4 libarchive13 libassuan0 libavahi-client3 libavahi-common3 libavahi-glib1 libblkid1 libbrotli1 " +
  "libbz2-1.0 libcap2 libcom-err2 libcurl3-gnutls libdbus-1-3 libdconf1 libffi8 libgcrypt20 libglib2.0-0 libgmp10 " +
  "libgnutls30 libgpg-error0 libgpgme11 libgssapi-krb5-2 libhogweed6 libicu72 libidn2-0 libjson-glib-1.0-0 libk5crypto3 " +
  "libkeyutils1 libkrb5-3 libkrb5support0 libldap-2.5-0 liblz4-1 liblzma5 libmalcontent-0-0 libmount1 libnettle8 " +
  "libnghttp2-14 libostree-1-1 libp11-kit0 libpcre2-8-0 libpolkit-agent-1-0 libpolkit-gobject-1-0 libpsl5 librtmp1 " +
  "libsasl2-2 libseccomp2 libselinux1 libssh2-1 libssl3 libstemmer0d libsystemd0 libtasn1-6 libunistring2 libxau6 libxml2 " +
  "libxmlb2 libyaml-0-2 libzstd1 zlib1g"
).split(" ");
const tool: Tool = { package: "flatpak", program: "flatpak", needs: NEEDS };
const METADATA =
  "[Application]\nname=org.example.Demo\nruntime=org.example.Platform/x86_64/1\ncommand=demo\n";

describe.skipIf(!hasApt())(`real Flatpak bundles (${NO_APT} otherwise)`, { timeout: 600_000 }, () => {
  it("gives back what was bundled, and who it claims to be", async () => {
    await withTree(async ({ tree, files, path }) => {
      const app = path("app");
      for (const [name, bytes] of files) {
        await mkdir(join(app, "files", name, ".."), { recursive: true });
        await writeFile(join(app, "files", name), bytes);
      }
      await mkdir(join(app, "export"));
      await writeFile(join(app, "metadata"), METADATA);
      const run = (words: string[]) => runTool(tool, words, { cwd: tree });
      await run(["build-export", "--disable-sandbox", path("repository"), app, "stable"]);
      await run([
        "build-bundle",
        "--arch=x86_64",
        path("repository"),
        path("demo"),
        "org.example.Demo",
        "stable",
      ]);
      const bundled = new Map([
        ["metadata", Buffer.from(METADATA)],
        ...[...files].map(([name, bytes]): [string, Buffer] => [`files/${name}`, bytes]),
      ]);
      const { identity } = await expectTree(flatpak, path("demo"), { files: bundled });
      expect(identity).toEqual({ product: "org.example.Demo", version: "stable", architecture: "x64" });
    });
  });
});
