/** A provider with one advisory. Its shape follows OASIS CSAF 2.0; names and numbers are made up. @module */

export const documentOf = (tree: object, vulnerabilities: readonly object[], about: object = {}) => ({
  document: {
    category: "csaf_vex",
    csaf_version: "2.0",
    title: "Example Viewer runs what it shows",
    publisher: { category: "vendor", name: "Example Software", namespace: "https://software.example" },
    references: [{ category: "self", summary: "self", url: "https://software.example/csaf/2024/es-1.json" }],
    tracking: { id: "ES-1", status: "final", version: "1", current_release_date: "2024-05-06T07:08:09Z" },
    ...about,
  },
  product_tree: tree,
  vulnerabilities,
});

const version = (name: string, id: string) => ({
  category: "product_version",
  name,
  product: { name: `Example Viewer ${name}`, product_id: id },
});

/** Example Viewer before 7.2.1 as V-OLD, 7.2.1 as V-NEW. */
export const viewerTree = {
  branches: [
    {
      category: "vendor",
      name: "Example Software",
      branches: [
        {
          category: "product_name",
          name: "Example Viewer",
          branches: [
            {
              category: "product_version_range",
              name: "vers:generic/<7.2.1",
              product: { name: "Example Viewer before 7.2.1", product_id: "V-OLD" },
            },
            version("7.2.1", "V-NEW"),
          ],
        },
      ],
    },
  ],
};

export const advisory = documentOf(viewerTree, [
  {
    cve: "CVE-2024-0001",
    title: "Buffer overflow",
    product_status: { known_affected: ["V-OLD"], fixed: ["V-NEW"] },
    scores: [
      { cvss_v3: { vectorString: "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H" }, products: ["V-OLD"] },
    ],
  },
]);

export const metadata = {
  canonical_url: "https://software.example/.well-known/csaf/provider-metadata.json",
  metadata_version: "2.0",
  last_updated: "2024-05-06T00:00:00Z",
  publisher: { category: "vendor", name: "Example Software", namespace: "https://software.example" },
  role: "csaf_provider",
  distributions: [
    { rolie: { feeds: [{ tlp_label: "WHITE", url: "https://software.example/csaf/feed-white.json" }] } },
  ],
};

export const sample: Readonly<Record<string, Uint8Array>> = {
  "software.example/csaf/2024/es-1.json": Buffer.from(JSON.stringify(advisory)),
};
