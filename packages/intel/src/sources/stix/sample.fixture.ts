/** A bundle of two indicators, as a publisher writes it. @module */

/** One indicator, with what a test changes in it. */
export const indicatorWith = (changed: Readonly<Record<string, unknown>> = {}) => ({
  type: "indicator",
  spec_version: "2.1",
  id: "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
  created: "2026-02-03T04:05:06.000Z",
  modified: "2026-02-03T04:05:06.000Z",
  name: "Example loader",
  indicator_types: ["malicious-activity"],
  pattern: `[file:hashes.'SHA-256' = '${"ab12".repeat(16)}']`,
  pattern_type: "stix",
  valid_from: "2026-02-03T00:00:00Z",
  external_references: [{ source_name: "Example report", url: "https://report.example/loader" }],
  ...changed,
});

export const bundleOf = (...objects: readonly unknown[]): string =>
  JSON.stringify({ type: "bundle", id: "bundle--5d0092c5-5f74-4287-9642-33f4c354e56d", objects }, null, 1);

export const sample: Readonly<Record<string, Uint8Array>> = {
  "report.json": Buffer.from(
    bundleOf(
      indicatorWith(),
      indicatorWith({
        id: "indicator--0f4b4b5e-6f4c-4f4b-8a5c-0f6f6d3d2c11",
        name: "Example servers",
        pattern: "[domain-name:value = 'evil.example' OR ipv4-addr:value = '203.0.113.7/32']",
        valid_until: "2027-02-03T00:00:00Z",
      }),
    ),
  ),
};
