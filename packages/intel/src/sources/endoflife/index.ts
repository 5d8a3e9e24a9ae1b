/**
 * endoflife.date: when releases of common products end. Read as its API gives it, and as its pages say it in one compact file.
 * It names no makers but in CPE names, and says nothing of products that are not in it.
 * @module
 */

import type { Json } from "@sallyport/core";
import {
  isJsonObject,
  member,
  optionalInstant,
  readJsonFile,
  requiredList,
  rowOrSkip,
  rowOrThrow,
} from "../../reading/index.ts";
import type { IntelSource, ReadContext, SourceFile } from "../../source.ts";
import { apiProducts, readApiProduct } from "./api.ts";
import { readCompactProduct } from "./compact.ts";
import { factsOf } from "./facts.ts";
import type { EndoflifeProduct } from "./product.ts";
import { sharedIdentifiers, vendorsOf } from "./vendors.ts";

const MAX_BYTES = 64 * 1024 * 1024;

export const endoflife: IntelSource = {
  id: "endoflife",
  title: "endoflife.date",
  answers: ["lifecycle"],
  document: "endoflife.date API v1, openapi.yml",
  licence: "MIT",
  authority: "public",
  staleAfterDays: 60,
  onBadRow: "skip",
  downloads: [
    {
      name: "endoflife-products.json",
      url: "https://endoflife.date/api/v1/products/full",
      maxBytes: MAX_BYTES,
    },
  ],
  recognises(name, head) {
    if (/^endoflife[-_.].*\.json(\.gz)?$/i.test(name)) return true;
    const text = Buffer.from(head).toString("latin1");
    return text.includes('"endoflife-date/endoflife.date"') || /"isEol"|endoflife\.date\/api\/v1/.test(text);
  },
  async *read(files, context) {
    for (const file of files) {
      const products = await productsOf(file, context);
      const list = { vendors: vendorsOf(products), shared: sharedIdentifiers(products) };
      for (const product of products) yield* factsOf(product, list);
    }
  },
  async asOf(files, context) {
    const dates: string[] = [];
    for (const file of files) dates.push(...(await dateOf(file, context)));
    return dates.sort().at(-1);
  },
};

async function productsOf(file: SourceFile, context: ReadContext): Promise<readonly EndoflifeProduct[]> {
  const document = await readJsonFile(file, context, MAX_BYTES);
  const isCompact = member(document, "products") !== undefined;
  const rows = rowOrThrow({ file: file.name }, () =>
    isCompact ? requiredList(document, "products") : apiProducts(document),
  );
  const read = isCompact ? readCompactProduct : readApiProduct;
  const list = isCompact ? "products" : "result";
  const seen = new Set<string>();
  return rows.flatMap((row, index) => {
    const name = isJsonObject(row) && typeof row.name === "string" ? row.name.slice(0, 80) : "";
    const place = { file: file.name, row: `${list}[${index}] ${name}`.trimEnd() };
    const product = rowOrSkip(place, context, () => read(row));
    if (product === undefined) return [];
    if (seen.has(product.name)) {
      context.skip({ ...place, because: "stands twice; the first counts" });
      return [];
    }
    seen.add(product.name);
    return [product];
  });
}

/** When it was made, where it says so; else the day of the newest version it knows, of those that are past. */
async function dateOf(file: SourceFile, context: ReadContext): Promise<readonly string[]> {
  const quiet: ReadContext = { ...context, skip: () => undefined };
  const document: Json = await readJsonFile(file, quiet, MAX_BYTES);
  const told = rowOrThrow(
    { file: file.name },
    () => optionalInstant(document, "generated_at") ?? optionalInstant(document, "last_modified"),
  );
  if (told !== undefined) return [told];
  const today = context.now.toISOString().slice(0, 10);
  const days = (await productsOf(file, quiet)).flatMap(({ releases }) =>
    releases.flatMap(({ latestOn }) => (latestOn !== undefined && latestOn <= today ? [latestOn] : [])),
  );
  const newest = days.sort().at(-1);
  return newest === undefined ? [] : [`${newest}T00:00:00.000Z`];
}
