import { clearSign, makeKey } from "../../openpgp/signing.fixture.ts";

/** Two lines and a signature by a key made for it. */
export const sample = (): Buffer => clearSign(makeKey(), "a harmless line of text\nand another\n");
