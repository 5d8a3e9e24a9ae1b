/** A VEX statement as facts. Source: CISA, Minimum Requirements for Vulnerability Exploitability eXchange (VEX). @module */

import type { VexStatement } from "@sallyport/core";
import type { Fact } from "../fact.ts";
import type { Naming } from "../naming.ts";

export interface WrittenStatement {
  /** CVE, or the maker's own id. */
  readonly vulnerability: string;
  readonly aliases?: readonly string[];
  readonly about: Naming;
  readonly statement: VexStatement;
  readonly summary?: string | undefined;
  readonly vector?: string | undefined;
  /** Versions that no longer have it. */
  readonly fixedIn?: readonly string[];
}

/** What is said to be affected is a vulnerability as well, whoever else knows of it. */
export function factsOfStatement(written: WrittenStatement): readonly Fact[] {
  const { vulnerability, aliases = [], about, statement, summary = "", vector, fixedIn = [] } = written;
  const facts: Fact[] = [vulnerability, ...aliases].map(
    (name): Fact => ({ kind: "statement", vulnerability: name, about, statement }),
  );
  if (statement.status !== "affected") return facts;
  return [
    ...facts,
    {
      kind: "vulnerability",
      id: vulnerability,
      aliases,
      about,
      summary,
      ...(vector !== undefined && { vector }),
      ...(statement.url !== undefined && { url: statement.url }),
      ...(fixedIn.length > 0 && { fixedIn }),
    },
  ];
}

/** Reads one row of a document, and tells of it when it does not count. */
export type Tell = <Row>(row: string, read: () => Row) => Row | undefined;
