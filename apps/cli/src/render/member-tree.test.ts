import type { ArtifactMember } from "@sallyport/gate";
import { expect, it } from "vitest";
import { type MemberNode, memberTree } from "./member-tree.ts";

const member = (path: string): ArtifactMember => ({
  path,
  sha256: "0".repeat(64),
  sizeBytes: 1,
  format: "data",
  signatures: [],
});
const shape = (nodes: readonly MemberNode[]): unknown[] =>
  nodes.map(({ name, children }) => (children.length === 0 ? name : [name, ...shape(children)]));
const treeOf = (...paths: string[]) => shape(memberTree(paths.map(member)));

it("puts members below the container that is a member, however its name is written", () => {
  expect(
    treeOf("data.tar/usr/bin/a", "data.tar/usr/bin/b", "data.tar", "control.tar/control", "control.tar"),
  ).toEqual([
    ["data.tar", "usr/bin/a", "usr/bin/b"],
    ["control.tar", "control"],
  ]);
});

it("leaves slashes in names alone where nothing is called so", () => {
  expect(treeOf("usr/share/doc", "usr/bin")).toEqual(["usr/share/doc", "usr/bin"]);
});

it("nests containers of containers", () => {
  expect(treeOf("a/b/c/d", "a/b/c", "a/b", "a")).toEqual([["a", ["b", ["c", "d"]]]]);
});

it("keeps members of one name apart, and loses none", () => {
  expect(treeOf("x", "x", "x/y")).toEqual(["x", ["x", "y"]]);
});

it("takes no long chain of slashes for work without end", () => {
  expect(treeOf("/".repeat(4000), "a").length).toBe(2);
});
