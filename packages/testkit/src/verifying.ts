/** What signature schemes under test are given. @module */

import type { VerifyContext } from "@sallyport/gate";
import { testBudget } from "./reading.ts";

type Asked = Pick<VerifyContext, "format" | "trust"> & Partial<Omit<VerifyContext, "brought">>;

/** @param brought - what the person brought along; nothing when it is left out */
export const verifyContext = (
  asked: Asked,
  brought: Partial<VerifyContext["brought"]> = {},
): VerifyContext => ({
  budget: testBudget(),
  now: new Date(),
  maxHeldBytes: 256 * 1024 * 1024,
  ...asked,
  brought: { label: "", signatures: [], keys: [], ...brought },
});
