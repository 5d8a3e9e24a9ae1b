import { expect, it } from "vitest";
import { decisionAbout } from "../soak/decision.ts";
import { contentOf, decisionOf } from "./decision-content.ts";

it("keeps what was asked of the world once, and gives it back", () => {
  const asked = { retired: { claims: [{ product: "App" }] } };
  const first = contentOf({ ...decisionAbout("app"), asked });
  const second = contentOf({ ...decisionAbout("other"), asked });
  const shared = [...first.pieces.keys()].filter((digest) => second.pieces.has(digest));
  expect(shared.map((digest) => JSON.parse(first.pieces.get(digest) ?? ""))).toContainEqual(asked.retired);
  expect(decisionOf(first.digest, (digest) => first.pieces.get(digest))).toMatchObject({ asked });
});

it("does not take a decision whose question was changed or lost", () => {
  const { digest, pieces } = contentOf({ ...decisionAbout("app"), asked: { retired: { claims: [] } } });
  const question = [...pieces].find(([, json]) => json.includes("claims"))?.[0];
  for (const changed of [undefined, '{"claims":[1]}'])
    expect(decisionOf(digest, (name) => (name === question ? changed : pieces.get(name)))).toBeUndefined();
});
