import { buildElf } from "./elf.fixture.ts";

export const sample = (): Buffer => buildElf({ wide: true, littleEndian: true });
