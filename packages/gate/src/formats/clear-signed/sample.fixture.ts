import { clearSign, makeKey } from "@sallyport/openpgp/signing.fixture";

/** Two lines and a signature by a key made for it. */
export const sample = (): Buffer => clearSign(makeKey(), "a harmless line of text\nand another\n");
