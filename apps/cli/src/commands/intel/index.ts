/** `intel …`: what the world knows, brought here and asked. @module */

import type { Command } from "commander";
import type { Terminal } from "../../terminal.ts";
import type { Finish } from "../command.ts";
import { addIntelAdd } from "./add.ts";
import { addIntelDeclare } from "./declare.ts";
import { addIntelEntries } from "./entries.ts";
import { addIntelExport } from "./export.ts";
import { addIntelForget } from "./forget.ts";
import { addIntelImport } from "./import.ts";
import { addIntelLookup } from "./lookup.ts";
import { addIntelStatus } from "./status.ts";
import { addIntelSync } from "./sync.ts";

export function addIntel(program: Command, terminal: Terminal, finish: Finish): void {
  const intel = program.command("intel").summary("what the world knows: bring it here, and ask it");
  for (const addTo of [
    addIntelSync,
    addIntelStatus,
    addIntelLookup,
    addIntelImport,
    addIntelExport,
    addIntelAdd,
    addIntelEntries,
    addIntelDeclare,
    addIntelForget,
  ])
    addTo(intel, terminal, finish);
}
