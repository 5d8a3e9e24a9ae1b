import { expect, it } from "vitest";
import { baseScore } from "./score.ts";

// The examples of FIRST's CVSS v3.1 Examples document and of the CVSS v2 guide §3.3, with the scores given there.
it.each([
  ["CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8],
  ["CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10],
  ["CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 6.4],
  ["CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", 3.1],
  ["CVSS:3.1/AV:L/AC:L/PR:H/UI:N/S:U/C:L/I:L/A:L", 4.2],
  ["CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", 7.5],
  ["CVSS:3.1/AV:P/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0],
  ["CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:P/RL:O", 9.8],
  ["AV:N/AC:L/Au:N/C:N/I:N/A:C", 7.8],
  ["(AV:N/AC:L/Au:N/C:C/I:C/A:C)", 10],
  ["AV:L/AC:H/Au:N/C:C/I:C/A:C", 6.2],
  ["AV:N/AC:L/Au:N/C:N/I:N/A:N", 0],
])("scores %s as %d", (vector, score) => {
  expect(baseScore(vector)).toBe(score);
});

it.each([
  "",
  "CVSS:3.1",
  "CVSS:3.1/AV:N",
  "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:X",
  "CVSS:3.1/AV:N/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
  "CVSS:3.1/AV:__proto__/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
  "CVSS:9.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
  `CVSS:3.1/${"AV:N/".repeat(1000)}`,
])("gives no score to %s", (vector) => {
  expect(baseScore(vector)).toBeUndefined();
});
