import type { Evidence } from "@sallyport/core";
import { describe, expect, it } from "vitest";
import type { Artifact, ArtifactMember } from "../../artifact.ts";
import type { SignatureReport } from "../../signatures/scheme.ts";
import { contextWith, signedBy } from "../check.fixture.ts";
import { twin } from "./index.ts";
import type { TwinMemory } from "./memory.ts";
import { artifactWith, memberWith, memoryOf } from "./twin.fixture.ts";

const examine = (artifact: Artifact, twins: TwinMemory, evidence: readonly Evidence[] = []) =>
  twin.examine?.({ artifact, context: contextWith({ twins }), evidence });

const signed = (by: string, digest: string, given: Partial<SignatureReport> = {}): SignatureReport =>
  signedBy(by, { digest, ...given });

const vendor = (name: string) => ({ signatures: [signed(name, `root of ${name}`)] });
const one = (bytes: string, given: Partial<ArtifactMember> = {}): readonly ArtifactMember[] => [
  memberWith(bytes, given),
];

const hidingIn = (path: string): Evidence => ({
  source: "gate/checks/certificate-table",
  kind: "content",
  outcome: "fail",
  because: "bytes are hidden",
  path,
  facts: {},
});

describe("a file whose signed content is known", () => {
  const clean = { signatures: [signed("Microsoft Corporation", "d3d")] };
  const known = artifactWith("known", { root: vendor("Maker"), members: one("clean", clean) });
  const memory = memoryOf([known, "admit"]);
  const fresh = (given: Partial<ArtifactMember>) =>
    artifactWith("fresh", { root: vendor("Somebody"), members: one("other", given) });

  it("fails when its other bytes differ and something hides beside the signature", async () => {
    expect(await examine(fresh(clean), memory, [hidingIn("library.dll")])).toMatchObject([
      { outcome: "fail", path: "library.dll", facts: { rule: "signed-content", changed: true } },
    ]);
  });

  it("fails again when it was held or refused before, until a person admits it", async () => {
    const again = fresh(clean);
    const elsewhere = artifactWith("elsewhere", { members: again.members });
    for (const verdict of ["hold", "refuse", "admit"] as const)
      for (const judged of [again, elsewhere]) {
        const found = await examine(again, memoryOf([known, "admit"], [judged, verdict]), [
          hidingIn("library.dll"),
        ]);
        if (verdict === "admit") expect(found).toMatchObject({ outcome: "pass" });
        else expect(found).toMatchObject([{ facts: { rule: "signed-content", changed: true } }]);
      }
  });

  it("fails when a signature in it is broken", async () => {
    const broken = signed("Microsoft Corporation", "d3d", { integrity: "fail", trust: "broken" });
    expect(await examine(fresh({ signatures: [broken] }), memory)).toMatchObject([
      { outcome: "fail", facts: { rule: "signed-content", changed: true } },
    ]);
  });

  it.each([
    ["is by nobody proven", signed("Microsoft Corporation", "d3d", { trust: "self-signed" })],
    ["cannot be read", signed("Microsoft Corporation", "d3d", { integrity: "unknown" })],
  ])("fails, without refusing, when the only signature %s", async (_, report) => {
    expect(await examine(fresh({ signatures: [report] }), memory)).toMatchObject([
      { outcome: "fail", facts: { rule: "unproven-signature", changed: false } },
    ]);
  });

  it("passes when it was only signed again, by its maker or by somebody else", async () => {
    const again = { signatures: [...clean.signatures, signed("Packager", "d3d", { position: 1 })] };
    const old = signed("Microsoft Corporation", "d3d by SHA-1", { trust: "valid-legacy-timestamped" });
    const several = { signatures: [old, ...clean.signatures] };
    for (const given of [clean, again, several, { signatures: [signed("Packager", "d3d")] }])
      expect(await examine(fresh(given), memory)).toMatchObject({ outcome: "pass" });
  });

  it("fails, without refusing, when it grew by more than signatures do", async () => {
    expect(await examine(fresh({ ...clean, sizeBytes: 400_000 }), memory)).toMatchObject([
      { outcome: "fail", facts: { rule: "grown-signature", changed: false } },
    ]);
  });

  it("passes the very same bytes, and another version", async () => {
    const same = artifactWith("fresh", { members: one("clean", clean) });
    expect(await examine(same, memory)).toMatchObject({ outcome: "pass", facts: { familiarCount: 1 } });
    const next = { signatures: [signed("Microsoft Corporation", "d3d of the next version")] };
    expect(await examine(fresh(next), memory)).toHaveProperty("notChecked");
  });

  it("does not take one slice's signature for that of a universal file", async () => {
    const slice = {
      signatures: [signed("Maker", "arm64 code", { scheme: "apple-code", facts: { slice: "arm64" } })],
    };
    const before = memoryOf([artifactWith("known", { members: one("clean", slice) }), "admit"]);
    expect(await examine(fresh(slice), before, [hidingIn("library.dll")])).toHaveProperty("notChecked");
  });
});

describe("a file that says it is a known build", () => {
  const identity = { architecture: "x64", buildId: "0123", codeDigest: "aa", originalName: "ffmpeg.dll" };
  const patched = { ...identity, codeDigest: "bb" };
  const shipped = (by: string, bytes = "unsigned") =>
    artifactWith(by, { root: vendor(by), members: one(bytes, { identity }) });
  const fresh = (given: Partial<ArtifactMember>) =>
    artifactWith("fresh", { root: vendor("Third"), members: one("patched", given) });

  it("fails when two suppliers shipped that build with other code, whoever signed this one", async () => {
    const memory = memoryOf([shipped("First"), "hold"], [shipped("Second"), "hold"]);
    for (const signatures of [[], [signed("Third", "own digest")]])
      expect(await examine(fresh({ identity: patched, signatures }), memory)).toMatchObject([
        { outcome: "fail", facts: { rule: "link-id", changed: false } },
      ]);
  });

  it("counts suppliers who signed it themselves together, as the code is the same", async () => {
    const memory = memoryOf(
      [shipped("First", "signed by one"), "hold"],
      [shipped("Second", "signed by two"), "hold"],
    );
    expect(await examine(fresh({ identity: patched }), memory)).toMatchObject([
      { facts: { rule: "link-id" } },
    ]);
    expect(await examine(fresh({ identity }), memory)).toMatchObject({ outcome: "pass" });
  });

  it("passes when the id says nothing, as several honest builds bear it", async () => {
    const other = artifactWith("Other", {
      root: vendor("Other"),
      members: one("x", { identity: { ...identity, codeDigest: "cc" }, signatures: [signed("Other", "x")] }),
    });
    const memory = memoryOf([shipped("First"), "hold"], [shipped("Second"), "hold"], [other, "admit"]);
    expect(await examine(fresh({ identity: patched }), memory)).toMatchObject({ outcome: "pass" });
  });

  it("passes another architecture, another build, and a build that no digest is kept of", async () => {
    const memory = memoryOf([shipped("First"), "hold"], [shipped("Second"), "hold"]);
    const { codeDigest: _, ...undigested } = patched;
    for (const other of [
      { ...patched, architecture: "arm64" },
      { ...patched, buildId: "4567" },
    ])
      expect(await examine(fresh({ identity: other }), memory)).toHaveProperty("notChecked");
    expect(await examine(fresh({ identity: undigested }), memory)).toMatchObject({ outcome: "pass" });
  });
});

describe("what may be an anchor", () => {
  const identity = { architecture: "x64", buildId: "0123", codeDigest: "aa" };
  const fresh = artifactWith("fresh", {
    members: one("other", { identity: { ...identity, codeDigest: "bb" } }),
  });
  const shipped = (
    name: string,
    root: Partial<ArtifactMember>,
    signatures: readonly SignatureReport[] = [],
  ) => artifactWith(name, { root, members: one("known", { identity, signatures }) });
  const registry = { signatures: [signed("Registry", "package", { product: "a" })] };
  const keyless = { signatures: [signed("a@example.invalid", "blob", { scheme: "sigstore" })] };
  const own = [signed("Maker", "own")];

  it.each<[string, TwinMemory]>([
    [
      "one supplier, twice",
      memoryOf([shipped("1", vendor("One")), "hold"], [shipped("2", vendor("One")), "hold"]),
    ],
    ["nobody who proves to be somebody", memoryOf([shipped("1", {}), "hold"], [shipped("2", {}), "hold"])],
    [
      "two packages of a registry",
      memoryOf([shipped("1", registry), "hold"], [shipped("2", registry), "hold"]),
    ],
    ["two keyless signers", memoryOf([shipped("1", keyless), "hold"], [shipped("2", keyless), "hold"])],
    ["exceptions for what nobody signed", memoryOf([shipped("1", {}), "admit"], [shipped("2", {}), "admit"])],
    ["an own signature in what was held", memoryOf([shipped("1", vendor("One"), own), "hold"])],
    ["an own signature in what was refused", memoryOf([shipped("1", vendor("One"), own), "refuse"])],
    [
      "two suppliers that were refused",
      memoryOf([shipped("1", vendor("One")), "refuse"], [shipped("2", vendor("Two")), "refuse"]),
    ],
    [
      "an admitted file with a signature that proves nothing",
      memoryOf([shipped("1", vendor("One"), [signed("Maker", "own", { trust: "self-signed" })]), "admit"]),
    ],
  ])("is not %s", async (_, memory) => {
    expect(await examine(fresh, memory)).toHaveProperty("notChecked");
  });

  it.each<[string, TwinMemory]>([
    ["a proven signature of its own in what was admitted", memoryOf([shipped("1", {}, own), "admit"])],
    [
      "two suppliers that have nothing to do with each other",
      memoryOf([shipped("1", vendor("One")), "hold"], [shipped("2", vendor("Two")), "admit"]),
    ],
    [
      "a supplier and a person's exception",
      memoryOf([shipped("1", vendor("One")), "hold"], [shipped("2", {}), "admit"]),
    ],
  ])("is %s", async (_, memory) => {
    expect(await examine(fresh, memory)).toMatchObject([{ outcome: "fail", facts: { rule: "link-id" } }]);
  });
});

describe("a file that says it is a maker's", () => {
  const identity = {
    product: "Windows",
    company: "Microsoft Corporation",
    originalName: "D3DCompiler.dll",
    version: "10.0.1",
    architecture: "x64",
  };
  const genuine = {
    identity,
    signatures: [signed("Microsoft", "genuine", { signer: makerOf("Microsoft Corporation") })],
  };
  const memory = memoryOf([artifactWith("known", { members: one("genuine", genuine) }), "admit"]);
  const fresh = (given: Partial<ArtifactMember>) => artifactWith("fresh", { members: one("other", given) });

  it("fails when the maker's own file of that version has other content, and somebody else signed this one", async () => {
    for (const signatures of [[], [signed("Somebody", "fake")]])
      expect(await examine(fresh({ identity, signatures }), memory)).toMatchObject([
        { outcome: "fail", facts: { rule: "claimed-name", changed: false } },
      ]);
  });

  it("passes what the maker signed, and what only shares the name", async () => {
    const again = [signed("Microsoft", "rebuilt", { signer: makerOf("Microsoft Corporation") })];
    for (const given of [
      { identity, signatures: again },
      { identity: { ...identity, version: "10.0.2" } },
      { identity: { ...identity, company: "Wine" } },
      { identity: { ...identity, architecture: "arm64" } },
    ])
      expect(await examine(fresh(given), memory)).toHaveProperty("notChecked");
  });

  it("lets nobody speak for a maker whose name is not theirs", async () => {
    const packed = {
      identity: { ...identity, company: "The OpenSSL Project" },
      signatures: [signed("Packager", "x")],
    };
    const theirs = memoryOf([artifactWith("known", { members: one("genuine", packed) }), "admit"]);
    const other = { identity: packed.identity, signatures: [signed("Another packager", "y")] };
    expect(await examine(fresh(other), theirs)).toHaveProperty("notChecked");
  });
});

function makerOf(organisation: string): SignatureReport["signer"] {
  const { signer } = signedBy("Microsoft");
  return signer === undefined ? undefined : { ...signer, organisation };
}

describe("what was refused", () => {
  const cause = (path: string, source = "gate/checks/integrity"): Evidence => ({
    source,
    kind: source.endsWith("expected-hash") ? "world" : "content",
    outcome: "fail",
    because: "changed",
    path,
    facts: {},
  });
  const members = [...one("trojan"), ...one("harmless", { path: "readme.txt", format: "data" })];
  const refused = artifactWith("refused", { members });
  const fresh = artifactWith("fresh", { members });

  it("fails where the same bytes come again that were the reason, and nothing else of it", async () => {
    expect(await examine(fresh, memoryOf([refused, "refuse", cause("library.dll")]))).toMatchObject([
      { outcome: "fail", path: "library.dll", facts: { rule: "refused-before", changed: false } },
    ]);
  });

  it("says nothing of the same artifact, of what was admitted, or of a hash that was not the expected one", async () => {
    const because = cause("library.dll");
    expect(await examine(refused, memoryOf([refused, "refuse", because]))).toHaveProperty("notChecked");
    const later = artifactWith("admitted", { members: one("trojan", { signatures: [signed("A", "x")] }) });
    expect(await examine(fresh, memoryOf([refused, "refuse", because], [later, "admit"]))).not.toMatchObject([
      { outcome: "fail" },
    ]);
    const { path: _, ...unexpected } = cause("", "gate/checks/expected-hash");
    const again = artifactWith("fresh", { members: [refused.root] });
    expect(await examine(again, memoryOf([refused, "refuse", unexpected]))).toHaveProperty("notChecked");
  });
});

it("is not checked without a memory", async () => {
  const artifact = artifactWith("fresh", {});
  expect(await examine(artifact, memoryOf())).toHaveProperty("notChecked");
  expect(await twin.examine?.({ artifact, context: contextWith({}) })).toHaveProperty("notChecked");
});

it("is soon done with thousands of files that somebody named alike", async () => {
  const identity = {
    architecture: "x64",
    buildId: "0123",
    codeDigest: "aa",
    company: "A",
    originalName: "a",
    version: "1",
  };
  const content = { identity, signatures: [signed("Maker", "same")] };
  const many = (word: string) =>
    Array.from({ length: 20_000 }, (_, index) =>
      memberWith(`${word} ${index}`, { path: `${index}.dll`, ...content }),
    );
  const known = memoryOf(
    [artifactWith("known", { members: one("clean", content) }), "admit"],
    [artifactWith("flood", { members: many("old") }), "hold"],
  );
  expect(await examine(artifactWith("fresh", { members: many("new") }), known)).toMatchObject({
    outcome: "pass",
  });
  const copied = many("new").map((member) => ({ ...member, identity: { ...identity, codeDigest: "bb" } }));
  expect(await examine(artifactWith("fresh", { members: copied }), known)).toHaveLength(101);
});

it("counts what it does not list, the gravest first", async () => {
  const content = { signatures: [signed("Maker", "same")] };
  const known = memoryOf([artifactWith("known", { members: one("clean", content) }), "admit"]);
  const members = Array.from({ length: 150 }, (_, index) =>
    memberWith(`other ${index}`, { path: `${index}.dll`, ...content, sizeBytes: 500_000 }),
  );
  const found = await examine(artifactWith("fresh", { members }), known, [hidingIn("149.dll")]);
  expect(found).toHaveLength(101);
  expect(found).toMatchObject({
    0: { path: "149.dll", facts: { changed: true } },
    100: { facts: { rule: "more" } },
  });
});
