/** An OpenVEX and a CycloneDX document about an example product. @module */

/** @param statements - each with what a test changes */
export const openVexOf = (...statements: readonly object[]) => ({
  "@context": "https://openvex.dev/ns/v0.2.0",
  "@id": "https://software.example/vex/1",
  author: "Example Software",
  timestamp: "2024-05-06T07:08:09Z",
  version: 1,
  statements,
});

export const statementWith = (changed: object = {}) => ({
  vulnerability: { name: "CVE-2024-0001", description: "It breaks." },
  products: [{ "@id": "pkg:npm/%40example/viewer@7.2.0" }],
  status: "not_affected",
  justification: "vulnerable_code_not_present",
  ...changed,
});

/** @param analysis - of the one vulnerability; @param versions - of the one thing it affects */
export const cycloneDxOf = (analysis: object, versions?: readonly object[], component: object = {}) => ({
  bomFormat: "CycloneDX",
  specVersion: "1.6",
  metadata: {
    timestamp: "2024-05-06T07:08:09Z",
    component: {
      "bom-ref": "viewer",
      type: "application",
      name: "Example Viewer",
      version: "7.2.0",
      supplier: { name: "Example Software" },
      ...component,
    },
  },
  vulnerabilities: [
    {
      id: "CVE-2024-0001",
      description: "It breaks.",
      analysis,
      affects: [{ ref: "viewer", ...(versions !== undefined && { versions }) }],
    },
  ],
});

export const sample: Readonly<Record<string, Uint8Array>> = {
  "viewer.openvex.json": Buffer.from(JSON.stringify(openVexOf(statementWith()))),
  "viewer.cdx.json": Buffer.from(JSON.stringify(cycloneDxOf({ state: "exploitable", detail: "Update." }))),
};
