import { expect, it } from "vitest";
import { distinctPeople } from "./person.ts";

it.each([
  "ann smith",
  " Ann  Smith ",
  "Ann\u200bSmith",
  "Ann\u00a0Smith.",
  "Smith, Ann",
  "ann.smith",
  "\u0410nn Smith",
  "\uff21nn Smith",
  "A\u0301nn Smith",
])("counts Ann Smith and %j as one person", (other) => {
  expect(distinctPeople(["Ann Smith", other])).toEqual(["Ann Smith"]);
});

it("counts two people as two, in any script, and what is no name as nobody", () => {
  expect(distinctPeople(["Ann Smith", "Bob Smith"])).toHaveLength(2);
  expect(distinctPeople(["\u5f20\u4f1f", "\u738b\u82b3", " - ", "\u200b"])).toHaveLength(2);
});
