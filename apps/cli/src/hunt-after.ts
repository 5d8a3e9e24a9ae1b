/** New facts came: every past decision is asked again. @module */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { huntWithProgress } from "./commands/hunt.ts";
import { openHome } from "./home.ts";
import type { HuntResult } from "./hunt-tally.ts";
import { renderBriefHunt } from "./render/hunt.ts";
import { screenOf } from "./render/verdict.ts";
import type { Terminal } from "./terminal.ts";

/** @returns undefined when nothing was ever judged here */
export async function huntAfter(terminal: Terminal): Promise<HuntResult | undefined> {
  if (!existsSync(join(terminal.home, "ledger"))) return undefined;
  const home = await openHome(terminal.home);
  try {
    return await huntWithProgress(home, { policy: [], withoutDefault: [], worldOnly: true }, terminal);
  } finally {
    await home.close();
  }
}

/** The same, told to a person; beside a JSON document on stderr. */
export async function tellHuntAfter(
  terminal: Terminal,
  { json }: { readonly json?: boolean },
): Promise<void> {
  const result = await huntAfter(terminal);
  if (result === undefined) return;
  const tell = json === true ? terminal.error : terminal.out;
  tell(renderBriefHunt(result, screenOf(terminal)));
}
