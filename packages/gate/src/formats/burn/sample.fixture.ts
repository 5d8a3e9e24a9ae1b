import { SAMPLE_TEXT } from "../sample-text.fixture.ts";
import { buildContainers } from "./bundle.fixture.ts";

/** The first container of a bundle, which stands alone when somebody cut it out. */
export const sample = (): Buffer =>
  buildContainers({ application: { "a.txt": SAMPLE_TEXT }, payloads: {} }).application;
