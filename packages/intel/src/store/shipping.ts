/** Which edition of the program put its own data sets in place last. @module */

import type { BulkDatabase } from "@sallyport/store";

export const hasShipped = (database: BulkDatabase, edition: string): boolean =>
  database.statement("SELECT 1 FROM shipping WHERE edition = ?").get(edition) !== undefined;

export function noteShipped(database: BulkDatabase, edition: string): void {
  database.transaction(() => {
    database.statement("DELETE FROM shipping").run();
    database.statement("INSERT INTO shipping (edition) VALUES (?)").run(edition);
  });
}
