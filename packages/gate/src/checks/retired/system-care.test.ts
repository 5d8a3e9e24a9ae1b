import type { Component } from "@sallyport/core";
import { describe, expect, it } from "vitest";
import type { Artifact, ArtifactMember } from "../../artifact.ts";
import { systemCareIn } from "./system-care.ts";

const component = (product: string, given: Partial<Component> = {}): Component => ({
  product,
  version: "1.0",
  type: "library",
  foundBy: "library-marks",
  confidence: "marked",
  identifiers: [],
  ...given,
});
const member = (path: string, given: Partial<ArtifactMember> = {}): ArtifactMember => ({
  path,
  sha256: "1".repeat(64),
  sizeBytes: 1,
  format: "elf",
  signatures: [],
  ...given,
});
/** Whether the first part of the last member is the system's. */
function isSystems(root: Partial<ArtifactMember>, ...members: readonly ArtifactMember[]): boolean {
  const artifact: Artifact = { root: member("", root), members };
  const last = members.at(-1) ?? artifact.root;
  const [part] = last.components ?? [];
  return systemCareIn(artifact)(last, part ?? component("OpenSSL"));
}
const linked = (path: string, ...products: readonly string[]): ArtifactMember =>
  member(path, { components: (products.length > 0 ? products : ["OpenSSL"]).map((name) => component(name)) });

describe("of a system's package", () => {
  it.each([
    ["deb", "data.tar.xz/content/./usr/lib/x86_64-linux-gnu/libcrypto.so.3"],
    ["deb", "data.tar.zst/content/./lib/aarch64-linux-gnu/libcrypto.so.3"],
    ["deb", "data.tar/./usr/lib/arm-linux-gnueabihf/libcrypto.so.3"],
    ["deb", "data.tar.xz/content/./usr/lib/i386-linux-gnu/libQt5Core.so.5.15.8"],
    ["rpm", "./usr/lib64/libcrypto.so.3.0.7"],
    ["rpm", "/usr/lib64/libcrypto.so.3.0.7"],
    ["deb", "data.tar.xz/content/./usr/lib/python3/dist-packages/example/core.so"],
    ["rpm", "./usr/lib64/python3.9/site-packages/example-1.0.dist-info/METADATA"],
    ["deb", "data.tar.xz/content/./usr/share/nodejs/lodash/package.json"],
  ])("keeps what lies in the system's own folders: %s %s", (format, path) => {
    expect(isSystems({ format }, linked(path))).toBe(true);
  });

  it.each([
    "data.tar.xz/content/./opt/vendor/lib/libcrypto.so.3",
    "data.tar.xz/content/./opt/vendor/usr/lib/x86_64-linux-gnu/libcrypto.so.3",
    "data.tar.xz/content/./usr/lib/vendor/libcrypto.so.3",
    "data.tar.xz/content/./usr/lib/x86_64-linux-gnu/vendor/libcrypto.so.3",
    "data.tar.xz/content/./usr/local/lib/libcrypto.so.3",
    "data.tar.xz/content/./usr/local/lib/python3.11/site-packages/example/core.so",
    "data.tar.xz/content/./usr/share/vendor/python3/dist-packages/core.so",
    "data.tar.xz/content/./usr/share/vendor/files.zip/usr/lib/x86_64-linux-gnu/libcrypto.so.3",
    "data.tar.xz/content/./usr/lib64/vendor-linux/libcrypto.so.3",
  ])("judges what a maker brings in a folder of its own: %s", (path) => {
    expect(isSystems({ format: "deb" }, linked(path))).toBe(false);
  });

  it("keeps an interpreter under its own name, and none that a program has inside", () => {
    const path = (name: string) => `data.tar.xz/content/./usr/bin/${name}`;
    expect(isSystems({ format: "deb" }, linked(path("python3.11"), "Python"))).toBe(true);
    expect(isSystems({ format: "deb" }, linked(path("openssl"), "OpenSSL"))).toBe(true);
    expect(isSystems({ format: "deb" }, linked(path("agent"), "OpenSSL"))).toBe(false);
  });

  it("takes a program with its own copies of runtimes for its maker's", () => {
    const node = linked("data.tar.xz/content/./usr/bin/node", "Node.js", "OpenSSL", "zlib");
    expect(isSystems({ format: "deb" }, node)).toBe(false);
    const dynamic = linked("data.tar.xz/content/./usr/bin/node", "Node.js", "zlib");
    expect(isSystems({ format: "deb" }, dynamic)).toBe(true);
  });

  it("knows pacman's and apk's by what they say of themselves", () => {
    const library = linked("content/usr/lib/libcrypto.so.3");
    expect(isSystems({ format: "zstd" }, member("content/.PKGINFO"), library)).toBe(true);
    expect(isSystems({ format: "zstd" }, library)).toBe(false);
  });

  it("looks into a package that lies in an archive, and not beside it", () => {
    const package_ = member("all.zip/a.deb", { format: "deb" });
    const place = "usr/lib/x86_64-linux-gnu/libcrypto.so.3";
    expect(
      isSystems({ format: "zip" }, package_, linked(`all.zip/a.deb/data.tar.xz/content/./${place}`)),
    ).toBe(true);
    expect(isSystems({ format: "zip" }, package_, linked(`all.zip/${place}`))).toBe(false);
  });
});

describe("of an image", () => {
  const database = (image: string, path = "var/lib/dpkg/status") =>
    member(`${image}${path}`, { format: "data", components: [component("example")] });
  const place = "usr/lib/x86_64-linux-gnu/libcrypto.so.3";

  it.each(["var/lib/dpkg/status", "lib/apk/db/installed", "usr/lib/sysimage/rpm/rpmdb.sqlite"])(
    "keeps what lies beside %s",
    (path) => {
      expect(isSystems({}, database("a.tar/", path), linked(`a.tar/${place}`))).toBe(true);
      expect(isSystems({}, database("a.tar/", path), linked(`b/a.tar/${place}`))).toBe(false);
    },
  );

  it("keeps what lies in another layer of the same image", () => {
    const layer = (name: string) => `image.tar/blobs/sha256/${name}/content/`;
    expect(isSystems({}, database(layer("ab")), linked(`${layer("cd")}${place}`))).toBe(true);
    const old = (name: string) => `image.tar/${name}/layer.tar/`;
    expect(isSystems({}, database(old("ab")), linked(`${old("cd")}${place}`))).toBe(true);
  });

  it("judges what was put beside the system's", () => {
    for (const path of ["app/libcrypto.so.3", "usr/local/lib/libcrypto.so.3", "opt/app/lib/libcrypto.so.3"])
      expect(isSystems({}, database("a.tar/"), linked(`a.tar/${path}`))).toBe(false);
  });

  it.each([
    "var/lib/rpm/Packages",
    "usr/lib/sysimage/rpm/Packages.db",
    "var/lib/pacman/local/bash-5.2-1/desc",
  ])("keeps what lies beside %s, whose packages are not listed here", (path) => {
    expect(isSystems({}, member(`a.tar/${path}`), linked("a.tar/usr/lib64/libcrypto.so.1.1.1k"))).toBe(true);
    expect(isSystems({}, member(`a.tar/${path}`, { sizeBytes: 0 }), linked(`a.tar/${place}`))).toBe(false);
  });

  it("takes a database without packages for none", () => {
    expect(isSystems({}, member("a.tar/var/lib/dpkg/status"), linked(`a.tar/${place}`))).toBe(false);
  });
});

it("is quick with a path of many folders", () => {
  const path = `${"a/".repeat(2_000)}usr/lib/libcrypto.so.3`;
  expect(isSystems({ format: "deb" }, linked(path))).toBe(false);
});

describe("of what somebody made to be slow", () => {
  it("tells each of fifty thousand parts of one program in no time", () => {
    const products = Array.from({ length: 50_000 }, (_, at) => `Aa ${at}`);
    const program = linked("usr/bin/aa", ...products);
    const isSystem = systemCareIn({ root: member("", { format: "deb" }), members: [program] });
    expect((program.components ?? []).every((one) => isSystem(program, one))).toBe(true);
  });

  it("takes no place for a system's that lies thousands of folders deep", () => {
    const deep = linked(`${"a/".repeat(30_000)}usr/lib/libcrypto.so.3`, ...Array(1000).fill("OpenSSL"));
    const isSystem = systemCareIn({ root: member("", { format: "deb" }), members: [deep] });
    expect((deep.components ?? []).some((one) => isSystem(deep, one))).toBe(false);
  });
});
