/** A catalogue of two, as CISA publishes its. @module */

/** One entry, with what a test changes in it. */
export const entryWith = (changed: Readonly<Record<string, unknown>> = {}) => ({
  cveID: "CVE-2024-0001",
  vendorProject: "Example Software",
  product: "Example Viewer",
  vulnerabilityName: "Example Viewer Buffer Overflow Vulnerability",
  dateAdded: "2024-02-03",
  shortDescription: "A buffer overflows.",
  requiredAction: "Apply updates per vendor instructions.",
  dueDate: "2024-02-24",
  knownRansomwareCampaignUse: "Known",
  notes: "",
  cwes: ["CWE-120"],
  ...changed,
});

/** @param changed - of the catalogue itself */
export const catalogueOf = (entries: readonly unknown[], changed: Readonly<Record<string, unknown>> = {}) =>
  JSON.stringify({
    title: "CISA Catalog of Known Exploited Vulnerabilities",
    catalogVersion: "2024.02.03",
    dateReleased: "2024-02-03T17:00:01.5Z",
    count: entries.length,
    vulnerabilities: entries,
    ...changed,
  });

export const sample: Readonly<Record<string, Uint8Array>> = {
  "known_exploited_vulnerabilities.json": Buffer.from(
    catalogueOf([
      entryWith(),
      entryWith({ cveID: "CVE-2024-0002", product: "Example Server", knownRansomwareCampaignUse: "Unknown" }),
    ]),
  ),
};
