/** xmllint writes canonical XML as well, and neither knows of the other. */

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { debianProgram, hasApt, NO_APT } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { canonicalXml, exclusiveXml, placeChild, placeRoot } from "./canonical.ts";
import { elementsOf } from "./element.ts";
import { readXml } from "./read-xml.ts";

const run = promisify(execFile);
const DOCUMENTS: readonly string[] = [
  '<a b="1" a="2"/>',
  '<?xml version="1.0"?>\r\n<a>\r\n <b/>\n</a>\n',
  '<x:a xmlns:x="u:x" xmlns="u:d" xmlns:b="u:b" b:z="1" x:y="2" c="3"><b/><b xmlns=""/><x:c xmlns:x="u:y"/></x:a>',
  "<a>&lt;&gt;&amp;\"'<![CDATA[<&>]]>&#13;</a>",
  '<a b="&lt;&gt;&amp;&quot;\'&#9;&#10;&#13; x"/>',
  '<a xmlns="urn:u" xmlns:n="urn:n"><n:b><c xmlns=""/><n:d n:e="1" xmlns:n="urn:m"/></n:b></a>',
  '<a xmlns="urn:u"><b xmlns="urn:u"><c xmlns:d="urn:v" d:e="1"/></b></a>',
  '<a xml:lang="en"><b xml:space="preserve"> é😀 </b></a>',
  '<e xmlns:b="u:2" xmlns:a="u:1" b:x="1" a:y="2" z="3" xml:id="i"/>',
];

async function findXmllint() {
  const installed = "/usr/bin/xmllint";
  if (existsSync(installed)) return { path: installed, env: process.env };
  const needs = ["libxml2", "libicu72", "liblzma5", "zlib1g", "libreadline8"];
  return hasApt() ? debianProgram("libxml2-utils", { file: "usr/bin/xmllint", needs }) : undefined;
}

const xmllint = await findXmllint().catch(() => undefined);
if (xmllint === undefined) console.warn(`skipped: no xmllint, and ${NO_APT}`);

describe("canonical XML", () => {
  it.skipIf(xmllint === undefined).each(DOCUMENTS)("is what xmllint makes of %s", async (text) => {
    const folder = await mkdtemp(join(tmpdir(), "sallyport-xml-"));
    try {
      await writeFile(join(folder, "a.xml"), text);
      const place = placeRoot(readXml(Buffer.from(text)));
      for (const [option, write] of [
        ["--c14n", canonicalXml],
        ["--exc-c14n", exclusiveXml],
      ] as const) {
        const { stdout } = await run(xmllint?.path ?? "", [option, join(folder, "a.xml")], {
          env: xmllint?.env,
        });
        expect(write(place).toString()).toBe(stdout.replace(/\n$/, ""));
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("gives a part of a document everything it inherits", () => {
    const root = readXml(
      Buffer.from('<a xmlns="u:d" xmlns:p="u:p" xml:lang="en" c="1"><b xmlns:q="u:q"><p:d/></b></a>'),
    );
    const place = placeRoot(root);
    const [b] = elementsOf(root);
    if (b === undefined) throw new Error("no element");
    const [d] = elementsOf(b);
    if (d === undefined) throw new Error("no element");
    expect(canonicalXml(placeChild(place, b)).toString()).toBe(
      '<b xmlns="u:d" xmlns:p="u:p" xmlns:q="u:q" xml:lang="en"><p:d></p:d></b>',
    );
    expect(canonicalXml(placeChild(placeChild(place, b), d)).toString()).toBe(
      '<p:d xmlns="u:d" xmlns:p="u:p" xmlns:q="u:q" xml:lang="en"></p:d>',
    );
  });

  it("gives a part of a document only what it uses, exclusively", () => {
    const root = readXml(
      Buffer.from(
        '<a xmlns="urn:d" xmlns:p="urn:p" xmlns:q="urn:q" xml:lang="en"><p:b q:c="1"><e/><p:f/></p:b></a>',
      ),
    );
    const [b] = elementsOf(root);
    if (b === undefined) throw new Error("no element");
    expect(exclusiveXml(placeChild(placeRoot(root), b)).toString()).toBe(
      '<p:b xmlns:p="urn:p" xmlns:q="urn:q" q:c="1"><e xmlns="urn:d"></e><p:f></p:f></p:b>',
    );
  });

  it("takes a default namespace that was taken back for none", () => {
    const root = readXml(Buffer.from('<a xmlns="u"><b xmlns=""><c/></b></a>'));
    expect(canonicalXml(placeRoot(root)).toString()).toBe('<a xmlns="u"><b xmlns=""><c></c></b></a>');
    const [b] = elementsOf(root);
    if (b === undefined) throw new Error("no element");
    expect(canonicalXml(placeChild(placeRoot(root), b)).toString()).toBe("<b><c></c></b>");
  });
});
