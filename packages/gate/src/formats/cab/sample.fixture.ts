import { writeCabinet } from "../../replica/index.ts";
import { SAMPLE_TEXT } from "../sample-text.fixture.ts";

export const sample = (): Buffer => writeCabinet({ files: [{ name: "a.txt", content: SAMPLE_TEXT }] });
