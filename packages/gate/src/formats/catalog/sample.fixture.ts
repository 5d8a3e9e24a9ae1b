import { createHash } from "node:crypto";
import { writeCatalog } from "../../replica/catalog.ts";

export const sample = (): Buffer =>
  writeCatalog({
    members: ["a", "b"].map((text) => ({
      digest: createHash("sha256").update(text).digest(),
      algorithm: "sha256" as const,
    })),
  });
