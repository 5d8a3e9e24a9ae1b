/** A list of two rows in the form of our own. @module */

export const rowWith = (changed: Readonly<Record<string, unknown>> = {}) => ({
  incident: "Example attack",
  what: "loader.exe",
  kind: "sha256",
  value: "ab12".repeat(16),
  sources: ["report"],
  ...changed,
});

export const listOf = (rows: readonly unknown[], changed: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    schema: "sallyport.incident-indicators/1",
    asOf: "2026-01-02",
    sources: { report: { title: "Example report", url: "https://report.example/", readOn: "2026-01-02" } },
    indicators: rows,
    ...changed,
  });

export const sample: Readonly<Record<string, Uint8Array>> = {
  "incident-indicators.json": Buffer.from(
    listOf([rowWith(), rowWith({ kind: "domain", value: "evil[.]example" })]),
  ),
};
