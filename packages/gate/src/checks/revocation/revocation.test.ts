import { expect, it } from "vitest";
import { contextWith, rootWith, signedBy } from "../check.fixture.ts";
import { revocation } from "./index.ts";

const examine = (...signatures: ReturnType<typeof signedBy>[]) =>
  revocation.examine?.({ artifact: rootWith({ signatures }), context: contextWith({}) });

it("passes a path of which every authority's list was given", async () => {
  expect(await examine(signedBy("A", { facts: { revocationChecked: true } }))).toMatchObject({
    outcome: "pass",
  });
});

it("fails when one of several signers was revoked", async () => {
  const revoked = signedBy("B", { trust: "revoked", because: "was revoked on 2026-01-01" });
  expect(await examine(signedBy("A", { facts: { revocationChecked: true } }), revoked)).toMatchObject([
    { outcome: "fail", path: "", because: "B: was revoked on 2026-01-01" },
  ]);
});

it("fails when the signer of something inside was revoked, whoever signed the whole", async () => {
  const whole = rootWith({ signatures: [signedBy("A", { facts: { revocationChecked: true } })] });
  const member = { ...whole.root, path: "old.dll", signatures: [signedBy("B", { trust: "revoked" })] };
  const artifact = { ...whole, members: [member] };
  expect(await revocation.examine?.({ artifact, context: contextWith({}) })).toMatchObject([
    { outcome: "fail", path: "old.dll" },
  ]);
});

it("is not checked without lists, without a signature, or for a path that is not trusted", async () => {
  for (const signatures of [
    [],
    [signedBy("A")],
    [signedBy("A", { facts: { revocationChecked: true } }), signedBy("B")],
    [signedBy("A", { trust: "unknown-root", facts: { revocationChecked: true } })],
  ])
    expect(await examine(...signatures)).toHaveProperty("notChecked");
});
