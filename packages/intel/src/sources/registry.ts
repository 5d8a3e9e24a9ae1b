import { defineRegistry } from "@sallyport/core";
import type { IntelSource } from "../source.ts";
import { authroot } from "./authroot/index.ts";
import { chocolatey } from "./chocolatey/index.ts";
import { csaf } from "./csaf/index.ts";
import { endoflife } from "./endoflife/index.ts";
import { epss } from "./epss/index.ts";
import { homebrewCask } from "./homebrew-cask/index.ts";
import { incidentIndicators } from "./incident-indicators/index.ts";
import { indicatorLists } from "./indicator-lists/index.ts";
import { kev } from "./kev/index.ts";
import { misp } from "./misp/index.ts";
import { openeox } from "./openeox/index.ts";
import { optInFixes } from "./opt-in-fixes/index.ts";
import { osv } from "./osv/index.ts";
import { retirements } from "./retirements/index.ts";
import { scoop } from "./scoop/index.ts";
import { sigstoreRoot } from "./sigstore-root/index.ts";
import { ssvc } from "./ssvc/index.ts";
import { stix } from "./stix/index.ts";
import { trustedKeys } from "./trusted-keys/index.ts";
import { vex } from "./vex/index.ts";
import { vulnrichment } from "./vulnrichment/index.ts";
import { winget } from "./winget/index.ts";
import { yaraPacks } from "./yara-packs/index.ts";

/** In the order they are shown. */
export const sources = defineRegistry<IntelSource>("intel source", [
  kev,
  osv,
  epss,
  vulnrichment,
  ssvc,
  csaf,
  vex,
  endoflife,
  openeox,
  retirements,
  optInFixes,
  incidentIndicators,
  stix,
  misp,
  indicatorLists,
  yaraPacks,
  scoop,
  winget,
  homebrewCask,
  authroot,
  sigstoreRoot,
  trustedKeys,
  chocolatey,
]);
