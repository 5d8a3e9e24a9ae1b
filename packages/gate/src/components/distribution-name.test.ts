import type { Component } from "@sallyport/core";
import { expect, it } from "vitest";
import type { ArtifactMember } from "../artifact.ts";
import { nameDistributions } from "./distribution-name.ts";

const member = (path: string, components: readonly Component[] = []): ArtifactMember => ({
  path,
  sha256: "0".repeat(64),
  sizeBytes: 1,
  format: "data",
  signatures: [],
  components,
});
const component = (foundBy: string, purl: string): Component => ({
  product: "example",
  type: "library",
  foundBy,
  confidence: "declared",
  identifiers: [{ kind: "purl", value: purl }],
});
const release = (image: string, purl: string) =>
  member(`${image}etc/os-release`, [component("os-release", purl)]);
const database = (image: string, purl = "pkg:deb/example@1.0?arch=amd64") =>
  member(`${image}var/lib/dpkg/status`, [component("distribution-package", purl)]);
const named = (...members: readonly ArtifactMember[]): string[] =>
  nameDistributions({ root: member(""), members })
    .members.flatMap(({ components = [] }) => components)
    .filter(({ foundBy }) => foundBy === "distribution-package")
    .flatMap(({ identifiers }) => identifiers.map(({ value }) => value));

it("names the distribution of the same image", () => {
  expect(
    named(
      release("a.tar/", "pkg:generic/debian@12"),
      database("a.tar/"),
      release("b.tar/", "pkg:generic/ubuntu@24.04"),
      database("b.tar/"),
    ),
  ).toEqual([
    "pkg:deb/debian/example@1.0?arch=amd64&distro=debian-12",
    "pkg:deb/ubuntu/example@1.0?arch=amd64&distro=ubuntu-24.04",
  ]);
});

it("names the only distribution there is, as in the layers of one image", () => {
  expect(named(release("layer1.tar/", "pkg:generic/debian@12"), database("layer2.tar/"))).toEqual([
    "pkg:deb/debian/example@1.0?arch=amd64&distro=debian-12",
  ]);
});

it("names none where it may be one of two", () => {
  const two = [release("a.tar/", "pkg:generic/debian@12"), release("b.tar/", "pkg:generic/debian@11")];
  expect(named(...two, database("c.tar/"))).toEqual(["pkg:deb/example@1.0?arch=amd64"]);
});

it("leaves a package whose it is", () => {
  expect(
    named(release("", "pkg:generic/fedora@42"), database("", "pkg:rpm/redhat/example@1.0-1?arch=noarch")),
  ).toEqual(["pkg:rpm/redhat/example@1.0-1?arch=noarch&distro=fedora-42"]);
});
