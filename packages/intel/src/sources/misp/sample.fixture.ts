/** An event as MISP exports it. @module */

export const attributeWith = (changed: Readonly<Record<string, unknown>> = {}) => ({
  uuid: "5f6e7d8c-1111-4222-8333-444455556666",
  type: "sha256",
  category: "Payload delivery",
  to_ids: true,
  value: "ab12".repeat(16),
  comment: "loader",
  timestamp: "1767323045",
  deleted: false,
  ...changed,
});

export const eventOf = (
  attributes: readonly unknown[],
  changed: Readonly<Record<string, unknown>> = {},
): string =>
  JSON.stringify({
    Event: {
      uuid: "0e1f2a3b-1111-4222-8333-444455556666",
      info: "Example attack",
      timestamp: "1767323045",
      Attribute: attributes,
      ...changed,
    },
  });

export const sample: Readonly<Record<string, Uint8Array>> = {
  "event.json": Buffer.from(
    eventOf([attributeWith(), attributeWith({ type: "domain", value: "evil.example", comment: "" })]),
  ),
};
