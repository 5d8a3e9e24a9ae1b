import { whole } from "./reading.fixture.ts";

export const sample = (): Buffer => whole;
