import { writeZip } from "../../replica/index.ts";
import { SAMPLE_TEXT } from "../sample-text.fixture.ts";

export const sample = (): Buffer => writeZip([{ name: "a.txt", bytes: SAMPLE_TEXT }]);
