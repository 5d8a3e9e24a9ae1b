/**
 * What the code inside can do, told by our own rules while it is opened. Doing much is no failure: a debugger writes into
 * other processes, and a browser reads what browsers keep. What counts is what a release gains, which `difference` tells.
 * @module
 */

import type { Check } from "../check.ts";

export const behaviours: Check = {
  id: "behaviours",
  question: "What can the programs, libraries and scripts inside do that few others do?",
  kind: "content",
  document: "MITRE ATT&CK, Enterprise techniques",
};
