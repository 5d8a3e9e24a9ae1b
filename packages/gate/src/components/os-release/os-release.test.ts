import { MemorySource } from "@sallyport/core";
import { testBudget } from "@sallyport/testkit";
import { expect, it } from "vitest";
import { osRelease } from "./index.ts";

async function namesIn(text: string): Promise<readonly string[]> {
  const bytes = Buffer.from(text);
  const context = { path: "etc/os-release", format: "data", sizeBytes: bytes.length };
  const found = await osRelease.find(new MemorySource(bytes), {
    ...context,
    budget: testBudget(),
    maxHeldBytes: 2 ** 20,
  });
  return (found?.components ?? []).flatMap(({ identifiers }) => identifiers.map(({ value }) => value));
}

it.each([
  ['NAME="Debian GNU/Linux"\nID=debian\nVERSION_ID="12"', "debian@12", "debian:debian_linux:12"],
  ['NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.16.2', "alpine@3.16.2", "alpinelinux:alpine_linux:3.16.2"],
  ['NAME="CentOS Linux"\nID="centos"\nVERSION_ID="7"', "centos@7", "centos:centos:7"],
  ['NAME="CentOS Stream"\nID="centos"\nVERSION_ID="9"', "centos@9", "centos:stream:9"],
])("names a system as dictionaries do: %s", async (text, purl, cpe) => {
  expect(await namesIn(text)).toEqual([`pkg:generic/${purl}`, `cpe:2.3:o:${cpe}:*:*:*:*:*:*:*`]);
});

it("gives no such name to what has no version, or is not known", async () => {
  expect(await namesIn("NAME=Debian\nID=debian")).toEqual(["pkg:generic/debian"]);
  expect(await namesIn("NAME=Example\nID=constructor\nVERSION_ID=1")).toEqual(["pkg:generic/constructor@1"]);
});
