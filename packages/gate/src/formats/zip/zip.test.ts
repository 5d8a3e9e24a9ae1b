import { expect, it } from "vitest";
import { writeZip } from "../../replica/zip-archive.ts";
import { readZip } from "./zip.fixture.ts";

it("reads a decent archive without a finding", async () => {
  const whole = writeZip([
    { name: "a.txt", bytes: Buffer.from("first ".repeat(20)) },
    { name: "b.txt", bytes: Buffer.from("second"), stored: true },
  ]);
  const { findings, contents, codes } = await readZip(whole);
  expect({ findings, codes: codes.size }).toEqual({ findings: [], codes: 0 });
  expect([...contents].map(([name, bytes]) => `${name}=${bytes}`)).toEqual([
    `a.txt=${"first ".repeat(20)}`,
    "b.txt=second",
  ]);
});
