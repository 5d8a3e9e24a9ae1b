import type { Decision } from "@sallyport/core";
import type { Artifact, SignatureReport } from "@sallyport/gate";
import { expect, it } from "vitest";
import { nextSteps } from "./next-steps.ts";

const BUILD = "https://example.com/tool/.github/workflows/release.yml@refs/tags/v1.0.0";

function held(signerName: string, more: Partial<SignatureReport> = {}, policy = "first-seen-signer"): string {
  const signer = {
    subject: signerName,
    commonName: signerName,
    organisation: undefined,
    issuer: "",
    serial: "01",
    sha256: "ab",
  };
  const report: SignatureReport = {
    scheme: "authenticode",
    integrity: "pass",
    trust: "valid-timestamped",
    because: "",
    signer,
    chain: [],
    digestAlgorithm: "sha256",
    position: 0,
    facts: {},
    ...more,
  };
  const root = { path: "", sha256: "00", sizeBytes: 1, format: "npm", signatures: [report] };
  const reasons = [{ policy, verdict: "hold", because: "", evidence: [] }] as const;
  const subject = { kind: "artifact", id: "sha256:00", label: "tool-1.0.0.tgz" };
  const decision = { verdict: "hold", reasons, subject } as unknown as Decision;
  return nextSteps({ root, members: [] } satisfies Artifact, decision)
    .flatMap(({ text, commands = [] }) => [text, ...commands])
    .join("\n");
}

it("names the identity and who vouches for it, where a certificate lives for minutes", () => {
  const steps = held(BUILD, { scheme: "sigstore", facts: { issuer: "https://issuer.example" } });
  expect(steps).toContain(`--identity "${BUILD}" --issuer "https://issuer.example"`);
});

it("offers no text of the signer's that a shell would read as more than a name", () => {
  for (const subject of ['x" ; rm -rf ~ ; "', "$(id)", "`id`"]) {
    expect(held(subject)).not.toContain(subject);
    const keyless = held(subject, { scheme: "sigstore", facts: { issuer: "https://issuer.example" } });
    expect(keyless).not.toContain(subject);
  }
});

it("has no advice of its own for an organisation's policy, whatever it is called", () => {
  const plain = held("Example Software", {}, "our-own-rule");
  for (const policy of ["constructor", "to-string", "valueof"])
    expect(held("Example Software", {}, policy)).toBe(plain);
});

it("gives commands that can be pasted, each on one line", () => {
  expect(held("Example Ltd")).toContain('check tool-1.0.0.tgz --signer "Example Ltd"');
});

it("names what to use instead of retired software, and lets no text of a list move the cursor", () => {
  const facts = { productIsOver: true, replacement: `Example Two\u001b[2J${"x".repeat(500)}` };
  const reasons = [{ policy: "retired-product", verdict: "refuse", because: "", evidence: [0] }] as const;
  const subject = { kind: "artifact", id: "sha256:00", label: "old.exe" };
  const root = { path: "", sha256: "00", sizeBytes: 1, format: "pe", signatures: [] };
  const decision = { verdict: "refuse", reasons, subject, evidence: [{ facts }] } as unknown as Decision;
  const [first] = nextSteps({ root, members: [] } satisfies Artifact, decision);
  expect(first?.text).toContain("Use Example Two\\u{1b}[2J");
  expect(first?.text.length).toBeLessThan(300);
});
