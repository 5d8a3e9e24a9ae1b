import { describe, expect, it } from "vitest";
import { contextWith, lookWith, rootWith, signedBy } from "../check.fixture.ts";
import { acceptedSigner } from "./index.ts";

const examine = (
  text: string,
  options: { product?: string; claims?: string; signatures?: ReturnType<typeof signedBy>[] } = {},
) =>
  lookWith(acceptedSigner, {
    artifact: rootWith({
      signatures: options.signatures ?? [signedBy("Example")],
      ...(options.claims === undefined ? {} : { identity: { product: options.claims } }),
    }),
    context: contextWith({ acceptedSigners: [{ text, product: options.product, origin: "--signer" }] }),
  });

describe("accepted-signer", () => {
  it.each(["Example", "Example Ltd", `sha256:${"ab".repeat(32)}`, `SHA256:${"AB".repeat(32)}`])(
    "passes the signer accepted as %s",
    async (text) => {
      expect(await examine(text)).toMatchObject({ outcome: "pass" });
    },
  );

  it.each(["example", "Example ", "Exam", "CN=Example", "", "*", "ab".repeat(32)])(
    "does not take %j for the signer",
    async (text) => {
      expect(await examine(text)).toMatchObject({
        outcome: "fail",
        because: "signed by Example, whom nobody here has accepted",
      });
    },
  );

  it("keeps an acceptance to its product", async () => {
    expect(await examine("Example", { product: "App", claims: "App" })).toMatchObject({ outcome: "pass" });
    for (const claims of [undefined, "Other", "app"])
      expect(
        await examine("Example", { product: "App", ...(claims === undefined ? {} : { claims }) }),
      ).toMatchObject({ outcome: "fail", because: expect.stringContaining("only for App") });
  });

  it("keeps it to the name a registry gives the package as well, whatever that calls itself", async () => {
    const request = (product: string) => ({
      product: "App",
      claims: "App",
      signatures: [signedBy("Registry", { product })],
    });
    expect(await examine("Registry", request("App"))).toMatchObject({ outcome: "pass" });
    for (const product of ["Other", ""])
      expect(await examine("Registry", request(product))).toMatchObject({ outcome: "fail" });
  });

  it("fails an accepted name on a signature that is not proven", async () => {
    for (const given of [{ trust: "self-signed" }, { integrity: "fail" }, { integrity: "unknown" }] as const)
      expect(await examine("Example", { signatures: [signedBy("Example", given)] })).toMatchObject({
        outcome: "fail",
      });
    const beside = [signedBy("Example", { trust: "self-signed" }), signedBy("Somebody")];
    expect(await examine("Example", { signatures: beside })).toMatchObject({ outcome: "fail" });
  });

  it("is not checked without a signature", async () => {
    expect(await examine("Example", { signatures: [] })).toHaveProperty("notChecked");
  });
});
