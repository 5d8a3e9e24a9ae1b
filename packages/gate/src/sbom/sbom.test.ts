import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Component, JsonObject } from "@sallyport/core";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import type { ArtifactMember } from "../artifact.ts";
import type { Opening } from "../gate.ts";
import { licencesOf } from "./licence.ts";
import { billOfMaterials, reasonsUnlisted } from "./sbom.ts";

const require = createRequire(import.meta.url);
const SCHEMAS = join(dirname(require.resolve("@cyclonedx/cyclonedx-library/package.json")), "res/schema");
const schema = (name: string): JsonObject => JSON.parse(readFileSync(join(SCHEMAS, name), "utf8"));

const ajv = new Ajv({ strict: false, validateFormats: false });
for (const name of ["spdx.SNAPSHOT.schema.json", "jsf-0.82.SNAPSHOT.schema.json"])
  ajv.addSchema(schema(name), `http://cyclonedx.org/schema/${name}`);
const isValid = ajv.compile(schema("bom-1.6.SNAPSHOT.schema.json"));

const member = (path: string, more: Partial<ArtifactMember> = {}): ArtifactMember => ({
  path,
  sha256: path.length.toString(16).padStart(64, "0"),
  sizeBytes: 1,
  format: "data",
  signatures: [],
  ...more,
});

const component = (name: string, version: string, more: Partial<Component> = {}): Component => ({
  product: name,
  version,
  type: "library",
  foundBy: "node-package",
  confidence: "declared",
  identifiers: [{ kind: "purl", value: `pkg:npm/${name}@${version}` }],
  ...more,
});

const openingOf = (members: readonly ArtifactMember[], root: Partial<ArtifactMember> = {}): Opening => ({
  subject: { kind: "artifact", id: `sha256:${"a".repeat(64)}`, label: "package.tgz" },
  artifact: { root: member("", root), members },
  evidence: [],
  notChecked: [],
});

const tree = openingOf([
  member("node_modules/one/package.json", {
    components: [component("one", "1.0.0", { licence: "MIT", dependsOn: ["pkg:npm/two", "pkg:npm/absent"] })],
  }),
  member("node_modules/one/node_modules/two/package.json", { components: [component("two", "2.0.0")] }),
  member("node_modules/two/package.json", { components: [component("two", "1.0.0")] }),
  member("lib/tool.dll", {
    format: "pe",
    identity: { product: "Example Tool", company: "Example Software", version: "3.1" },
  }),
]);

interface Bill {
  readonly components: readonly {
    readonly name: string;
    readonly version?: string;
    readonly "bom-ref": string;
  }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
  readonly compositions: readonly { readonly aggregate: string }[];
}
const billOf = (opening: Opening): Bill => JSON.parse(JSON.stringify(billOfMaterials(opening, "1.0.0")));

describe("a bill of materials", () => {
  it("is valid against the schema of CycloneDX 1.6", () => {
    const opening = openingOf(
      [
        ...tree.artifact.members,
        member("x", {
          components: [
            component("odd name/é", "1 2", { licence: "(MIT OR Apache-2.0)", identifiers: [] }),
            component("cpe", "1", {
              licence: "Some licence",
              identifiers: [{ kind: "cpe", value: "cpe:2.3:a:example:cpe:1:*:*:*:*:*:*:*" }],
            }),
            component("os", "1", { type: "operating-system", confidence: "marked", identifiers: [] }),
          ],
          unlisted: ["something is not read"],
        }),
      ],
      { identifiers: [{ kind: "upgrade-code", value: "{0}" }], identity: { product: "Root", version: "1" } },
    );
    expect(isValid(billOf(opening)), JSON.stringify(isValid.errors)).toBe(true);
  });

  it("is the same for the same artifact, in whatever order its members come", () => {
    const turned = { ...tree, artifact: { ...tree.artifact, members: tree.artifact.members.toReversed() } };
    expect(billOfMaterials(turned, "1.0.0")).toEqual(billOfMaterials(tree, "1.0.0"));
  });

  it("lists each thing once, with every place", () => {
    const twice = openingOf([
      member("a", { components: [component("one", "1.0.0")] }),
      member("b", { components: [component("one", "1.0.0")] }),
    ]);
    const { components } = billOf(twice);
    expect(components).toHaveLength(1);
    expect(components[0]).toMatchObject({
      evidence: { occurrences: [{ location: "a" }, { location: "b" }] },
    });
  });

  it("gives every component a reference of its own, and depends only on what is there", () => {
    const { components, dependencies } = billOf(tree);
    const references = components.map((one) => one["bom-ref"]);
    expect(new Set(references).size).toBe(4);
    for (const { ref, dependsOn } of dependencies)
      for (const one of [ref, ...dependsOn]) expect(references).toContain(one);
  });

  it("takes the version that lies nearest", () => {
    expect(billOf(tree).dependencies).toEqual([
      { ref: "pkg:npm/one@1.0.0", dependsOn: ["pkg:npm/two@2.0.0"] },
    ]);
  });

  it("does not list the artifact as a part of itself", () => {
    const itself = component("one", "1.0.0").identifiers;
    const identity = { product: "one", version: "1.0.0" };
    const packed = openingOf([member("content", { identity, identifiers: itself })], {
      identity,
      identifiers: itself,
    });
    expect(billOf(packed).components).toEqual([]);
  });

  it("says when something of it may be missing", () => {
    expect(billOf(tree).compositions[0]?.aggregate).toBe("unknown");
    const partly = openingOf([member("bin/tool", { unlisted: ["go-build: the list is not read"] })]);
    expect(billOf(partly).compositions[0]?.aggregate).toBe("incomplete");
    expect(reasonsUnlisted(partly)).toEqual(["bin/tool: go-build: the list is not read"]);
  });
});

it("keeps a licence that is no identifier as a name", () => {
  expect(licencesOf("MIT")).toEqual({ licenses: [{ license: { id: "MIT" } }] });
  expect(licencesOf("(MIT OR Apache-2.0)")).toEqual({ licenses: [{ expression: "(MIT OR Apache-2.0)" }] });
  for (const broken of ["MIT OR", "(MIT", "MIT)", "MIT (AND ISC)", "OR", "()", "MIT ISC", ")MIT("])
    expect(licencesOf(broken), broken).toEqual({ licenses: [{ license: { name: broken } }] });
  const nested = "(MIT AND (ISC OR Zlib)) OR Apache-2.0";
  expect(licencesOf(nested)).toEqual({ licenses: [{ expression: nested }] });
  expect(licencesOf("BSD")).toEqual({ licenses: [{ license: { name: "BSD" } }] });
  expect(licencesOf(" ")).toEqual({});
});
