import type { Claim, Component } from "@sallyport/core";
import { describe, expect, it } from "vitest";
import { releaseInside, withRelease } from "./release.ts";
import { part, withParts } from "./vulnerable.fixture.ts";

const purl = (value: string): Claim => ({ product: "x", identifiers: [{ kind: "purl", value }] });
const purlOf = (value: string, release?: string) => withRelease(purl(value), release).identifiers[0]?.value;
const system = (value: string): Component =>
  part("System", { foundBy: "os-release", type: "operating-system", identifiers: [{ kind: "purl", value }] });

describe("the release that a package belongs to", () => {
  it("is that of the image it lies in", () => {
    expect(releaseInside(withParts(system("pkg:generic/debian@12")))).toBe("debian-12");
    expect(purlOf("pkg:deb/debian/curl@7.88.1-10?arch=amd64", "debian-12")).toBe(
      "pkg:deb/debian/curl@7.88.1-10?arch=amd64&distro=debian-12",
    );
    expect(purlOf("pkg:apk/alpine/curl@8.5.0-r0", "alpine-3.19.1")).toBe(
      "pkg:apk/alpine/curl@8.5.0-r0?distro=alpine-3.19.1",
    );
  });

  it("is not told where two images lie side by side", () => {
    const both = withParts(system("pkg:generic/debian@12"), system("pkg:generic/alpine@3.19.1"));
    expect(releaseInside(both)).toBeUndefined();
    expect(releaseInside(withParts())).toBeUndefined();
  });

  it.each([
    ["pkg:deb/debian/curl@7.88.1-10+deb12u5", "debian-12"],
    ["pkg:deb/debian/curl@7.88.1-10%2Bdeb12u5?arch=amd64", "debian-12"],
    ["pkg:rpm/redhat/openssl@3.0.7-24.el9?arch=x86_64", "rhel-9"],
    ["pkg:rpm/rocky/openssl@3.0.7-24.el9_2", "rocky-9"],
  ])("stands in the version of %s", (value, distro) => {
    expect(purlOf(value)).toMatch(new RegExp(`[?&]distro=${distro}$`));
  });

  it("tells whose package a stable update of Debian is", () => {
    expect(purlOf("pkg:deb/curl@7.88.1-10%2Bdeb12u15?arch=amd64")).toBe(
      "pkg:deb/debian/curl@7.88.1-10%2Bdeb12u15?arch=amd64&distro=debian-12",
    );
  });

  it.each([
    "pkg:deb/curl@7.88.1-10",
    "pkg:deb/debian/curl@7.88.1-10",
    "pkg:deb/ubuntu/curl@7.88.1-10+deb12u5",
    "pkg:rpm/fedora/openssl@3.0.7-1.fc39",
    "pkg:npm/curl@1.0.0+deb12u5",
    "pkg:deb/debian/curl@7.88.1-10+deb12u5?distro=debian-13",
  ])("is not made up for %s", (value) => {
    expect(purlOf(value)).toBe(value);
  });

  it("is given to no package of another system", () => {
    expect(purlOf("pkg:npm/curl@1.0.0", "debian-12")).toBe("pkg:npm/curl@1.0.0");
  });
});
