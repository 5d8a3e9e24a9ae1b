/**
 * CISA's catalogue of vulnerabilities that are being exploited. It names products, and no versions: what it says of a version
 * is only that it may be meant. Source: known_exploited_vulnerabilities_schema.json, CISA.
 * @module
 */

import type { IntelSource } from "../../source.ts";
import { csvCatalogue } from "./csv.ts";
import { jsonCatalogue } from "./json.ts";

export const kev: IntelSource = {
  id: "kev",
  title: "CISA Known Exploited Vulnerabilities",
  answers: ["vulnerability"],
  document: "CISA, known_exploited_vulnerabilities_schema.json",
  licence: "CC0-1.0",
  authority: "public",
  staleAfterDays: 14,
  onBadRow: "skip",
  downloads: [
    {
      name: "known_exploited_vulnerabilities.json",
      url: "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json",
      maxBytes: 64 * 1024 * 1024,
    },
  ],
  recognises(name, head) {
    if (/^known_exploited_vulnerabilities\b.*\.(json|csv)(\.gz)?$/i.test(name)) return true;
    const text = Buffer.from(head).toString("latin1");
    return text.includes('"catalogVersion"') || text.includes("cveID,vendorProject,product,");
  },
  async *read(files, context) {
    for (const file of files) {
      if (/\.csv(\.gz)?$/i.test(file.name)) yield* csvCatalogue(file, context);
      else yield* (await jsonCatalogue(file, context)).facts();
    }
  },
  async asOf(files, context) {
    const dates: string[] = [];
    for (const file of files)
      if (!/\.csv(\.gz)?$/i.test(file.name)) dates.push((await jsonCatalogue(file, context)).asOf);
    return dates.sort().at(-1);
  },
};
