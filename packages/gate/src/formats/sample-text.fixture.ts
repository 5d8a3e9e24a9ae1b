/** What the samples of archives hold. */
export const SAMPLE_TEXT = Buffer.from("a harmless line of text\n".repeat(200));
