import { defineRegistry } from "@sallyport/core";
import { addedFiles } from "./added-files/index.ts";
import { behaviours } from "./behaviours/index.ts";
import { buildInputs } from "./build-inputs/index.ts";
import { buildMarks } from "./build-marks/index.ts";
import { code } from "./code/index.ts";
import { customActions } from "./custom-actions/index.ts";
import { dependencies } from "./dependencies/index.ts";
import { endpoints } from "./endpoints/index.ts";
import { entitlements } from "./entitlements/index.ts";
import { entropy } from "./entropy/index.ts";
import { entryPoint } from "./entry-point/index.ts";
import { executable } from "./executable/index.ts";
import { exports } from "./exports/index.ts";
import { hiddenPayload } from "./hidden-payload/index.ts";
import { identity } from "./identity/index.ts";
import { imports } from "./imports/index.ts";
import { initialisers } from "./initialisers/index.ts";
import { installScripts } from "./install-scripts/index.ts";
import { launchPaths } from "./launch-paths/index.ts";
import { libraries } from "./libraries/index.ts";
import { linkedData } from "./linked-data/index.ts";
import { minifiedCode } from "./minified-code/index.ts";
import { overlay } from "./overlay/index.ts";
import { permissions } from "./permissions/index.ts";
import { resources } from "./resources/index.ts";
import { scriptBehaviour } from "./script-behaviour/index.ts";
import { sections } from "./sections/index.ts";
import { signedContent } from "./signed-content/index.ts";
import { signer } from "./signer/index.ts";
import { similarity } from "./similarity/index.ts";
import { slices } from "./slices/index.ts";
import { text } from "./text/index.ts";
import { times } from "./times/index.ts";
import type { Trait } from "./trait.ts";
import { version } from "./version/index.ts";

/** In the order they are asked. */
export const traits = defineRegistry<Trait>("trait", [
  similarity,
  signer,
  signedContent,
  identity,
  dependencies,
  executable,
  code,
  entryPoint,
  sections,
  imports,
  exports,
  initialisers,
  linkedData,
  libraries,
  slices,
  entitlements,
  buildInputs,
  overlay,
  resources,
  buildMarks,
  installScripts,
  behaviours,
  text,
  minifiedCode,
  endpoints,
  permissions,
  times,
  launchPaths,
  customActions,
  addedFiles,
  version,
  hiddenPayload,
  entropy,
  scriptBehaviour,
]);
