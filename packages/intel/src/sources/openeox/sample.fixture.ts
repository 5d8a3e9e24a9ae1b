/** A sealed declaration of an invented maker. @module */

import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import type { JsonObject } from "@sallyport/core";
import { CORE_SCHEMA } from "./core.ts";
import { OPENEOX_TYPE } from "./seal.ts";

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
/** What has to be trusted for the sample to count. */
export const trustedKeys: readonly string[] = [publicKey.export({ type: "spki", format: "pem" }).toString()];

export const core = (given: JsonObject = {}): JsonObject => ({
  $schema: CORE_SCHEMA,
  end_of_life: "2025-12-31T12:00:00Z",
  end_of_security_support: "2025-06-30T12:00:00Z",
  last_updated: "2025-02-01T12:00:00Z",
  ...given,
});

export const treeOf = (versions: JsonObject, helper: JsonObject = {}): JsonObject => ({
  branches: [
    {
      category: "vendor",
      name: "Example Software",
      branches: [
        {
          category: "product_name",
          name: "Example",
          branches: [
            {
              ...versions,
              product: { product_id: "p1", name: "Example", product_identification_helper: helper },
            },
          ],
        },
      ],
    },
  ],
});

export const every: JsonObject = { category: "product_version_range", name: "vers:generic/*" };

export const declaration = (given: JsonObject = {}): JsonObject => ({
  schema: "sallyport.openeox/1",
  publisher: { name: "Example Software" },
  issued_at: "2025-02-02T00:00:00Z",
  product_tree: treeOf(every),
  statements: [{ product_ids: ["p1"], core: core() }],
  ...given,
});

export function sealed(payload: string, key: KeyObject = privateKey, payloadType = OPENEOX_TYPE): JsonObject {
  const bytes = Buffer.from(payload);
  const head = `DSSEv1 ${payloadType.length} ${payloadType} ${bytes.length} `;
  const sig = sign(null, Buffer.concat([Buffer.from(head), bytes]), key).toString("base64");
  return { payloadType, payload: bytes.toString("base64"), signatures: [{ keyid: "any", sig }] };
}

export const sample: Readonly<Record<string, Uint8Array>> = {
  "example.openeox.json": Buffer.from(JSON.stringify(sealed(JSON.stringify(declaration())))),
};
