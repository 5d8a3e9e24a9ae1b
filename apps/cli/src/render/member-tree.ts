/**
 * Members as a tree. Their paths are joined by `/`, and names hold slashes of their own: a member belongs to the
 * longest path before it that is a member itself, and what is left of its path is its name there.
 * @module
 */

import type { ArtifactMember } from "@sallyport/gate";

export interface MemberNode {
  /** Below its container, as shown. */
  readonly name: string;
  readonly member: ArtifactMember;
  readonly children: MemberNode[];
}

/** @returns the members directly inside the artifact, in the order they were met */
export function memberTree(members: readonly ArtifactMember[]): readonly MemberNode[] {
  const top: MemberNode[] = [];
  const nodes = new Map<string, MemberNode>();
  const inOrder = members.map((member) => ({ name: "", member, children: [] as MemberNode[] }));
  // Containers are told of after what is inside them.
  for (const node of inOrder) nodes.set(node.member.path, node);
  for (const { member, children } of inOrder) {
    const parent = containerOf(member.path, nodes);
    const name = parent === undefined ? member.path : member.path.slice(parent.member.path.length + 1);
    const node = { name, member, children };
    (parent?.children ?? top).push(node);
  }
  return top;
}

/** A name with more slashes than this is somebody's trick, and is shown whole. */
const MOST_SLASHES = 64;

function containerOf(path: string, nodes: ReadonlyMap<string, MemberNode>): MemberNode | undefined {
  let end = path.lastIndexOf("/");
  for (let step = 0; step < MOST_SLASHES && end > 0; step += 1) {
    const found = nodes.get(path.slice(0, end));
    if (found !== undefined) return found;
    end = path.lastIndexOf("/", end - 1);
  }
  return undefined;
}
