import { expect, it } from "vitest";
import { alarms, compareImages } from "../executable/compare.fixture.ts";
import { exports } from "./index.ts";

const library = (names: readonly string[]) => ({ isLibrary: true, exports: names });
const OWN = ["Close", "Decode", "Open", "Read"];

it("holds a library that hands its calls on to another one", async () => {
  const [difference] = await compareImages(
    exports,
    library(OWN),
    library(["Close → orig.Close", "Decode → orig.Decode", "Open → orig.Open", "Read"]),
  );
  expect(difference).toMatchObject({
    risk: "high",
    rule: "exports-handed-on",
    because: "hands calls that it answered itself on to orig",
  });
});

it("shows a single call that is handed on", async () => {
  expect(
    alarms(
      await compareImages(exports, library(OWN), library(["Close", "Decode", "Open", "Read → orig.Read"])),
    ),
  ).toEqual(["medium exports-handed-on"]);
});

it("is silent when a version of the target is another, or Windows answers", async () => {
  const forwards = (target: string) => library(OWN.map((name) => `${name} → ${target}.${name}`));
  expect(alarms(await compareImages(exports, forwards("python312"), forwards("python313")))).toEqual([]);
  expect(alarms(await compareImages(exports, library(OWN), forwards("api-ms-win-core-file-l1-1-0")))).toEqual(
    [],
  );
});

it("is silent about new and removed functions", async () => {
  const differences = await compareImages(exports, library(OWN), library(["Close", "Open", "Read", "Write"]));
  expect(alarms(differences)).toEqual([]);
  expect(differences[0]).toMatchObject({ before: { text: "Decode" }, after: { text: "Write" } });
});

it("mentions a library that offers hardly anything any more", async () => {
  const many = Array.from({ length: 20 }, (_, index) => `Function${index}`);
  expect(alarms(await compareImages(exports, library(many), library(["Run"])))).toEqual([
    "low exports-vanished",
  ]);
});
