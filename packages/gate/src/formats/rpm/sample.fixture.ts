import { writeRpm } from "./rpm.fixture.ts";

export const sample = (): Buffer => writeRpm();
