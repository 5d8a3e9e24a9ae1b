/**
 * The members of a container by the names they are unpacked under: `./a`, `a` and `.//a` are one file, and only
 * one spelling of it is looked for. Names that climb are reported where they are met.
 * @module
 */

import type { Finding } from "../../finding.ts";
import type { ContainerContents, SeenMember } from "../manifest.ts";

export interface PlainContents {
  readonly contents: ContainerContents;
  /** As the container has it. */
  readonly rawName: (plain: string) => string;
  /** Files that are there twice under one name. */
  readonly findings: readonly Finding[];
}

export function withPlainNames(contents: ContainerContents): PlainContents {
  const members = new Map<string, SeenMember>();
  const rawNames = new Map<string, string>();
  const findings: Finding[] = [];
  for (const [name, member] of contents.members) {
    const plain = plainName(name);
    if (members.has(plain))
      findings.push({
        check: "integrity",
        outcome: "fail",
        because: "is there twice in a bundle, and only one of the two is sealed",
        facts: {},
        member: name,
      });
    else members.set(plain, member);
    rawNames.set(plain, rawNames.get(plain) ?? name);
  }
  const unread = new Set([...contents.unread].map(plainName));
  return {
    contents: { ...contents, members, unread },
    rawName: (plain) => rawNames.get(plain) ?? plain,
    findings,
  };
}

const plainName = (name: string): string =>
  name
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
