import { defineRegistry } from "@sallyport/core";
import { acceptedSigner } from "./accepted-signer/index.ts";
import { antivirus } from "./antivirus/index.ts";
import { behaviours } from "./behaviours/index.ts";
import { certificateTable } from "./certificate-table/index.ts";
import type { Check } from "./check.ts";
import { coolingOff } from "./cooling-off/index.ts";
import { difference } from "./difference/index.ts";
import { exception } from "./exception/index.ts";
import { expectedHash } from "./expected-hash/index.ts";
import { indicator } from "./indicator/index.ts";
import { integrity } from "./integrity/index.ts";
import { knowledgeAge } from "./knowledge-age/index.ts";
import { memberNames } from "./member-names/index.ts";
import { opened } from "./opened/index.ts";
import { origin } from "./origin/index.ts";
import { publishedHash } from "./published-hash/index.ts";
import { retired } from "./retired/index.ts";
import { revocation } from "./revocation/index.ts";
import { rules } from "./rules/index.ts";
import { signature } from "./signature/index.ts";
import { structure } from "./structure/index.ts";
import { twin } from "./twin/index.ts";
import { unsignedUpdate } from "./unsigned-update/index.ts";
import { vulnerable } from "./vulnerable/index.ts";
import { weakDigest } from "./weak-digest/index.ts";
import { witness } from "./witness/index.ts";

/** In the order they are shown: what is inside, who signed it, what others say of it, what a person says. */
export const checks = defineRegistry<Check>("check", [
  opened,
  structure,
  memberNames,
  certificateTable,
  integrity,
  weakDigest,
  behaviours,
  rules,
  antivirus,
  signature,
  revocation,
  acceptedSigner,
  expectedHash,
  publishedHash,
  witness,
  origin,
  coolingOff,
  difference,
  unsignedUpdate,
  twin,
  retired,
  vulnerable,
  indicator,
  knowledgeAge,
  exception,
]);
