import { generateKeyPairSync, sign } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Receipt, silentLog, systemClock, UsageError } from "@sallyport/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { decisionAbout } from "../soak/decision.ts";
import { rawKeyOf } from "./ed25519.ts";
import { signEnvelope } from "./envelope.ts";
import { type LocalLedger, openLedger } from "./ledger.ts";
import { type PublicKey, publicKeyOf } from "./public-key.ts";
import { describeReceipt, verifyReceipt } from "./verify-receipt.ts";

let folder = "";
let ledger: LocalLedger;
let receipt: Receipt;
let other: Receipt;
const decision = decisionAbout("program");
const artifactSha256 = decision.subject.id.slice("sha256:".length);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sallyport-receipt-"));
  ledger = await openLedger({ folder, clock: systemClock, log: silentLog });
  for (let at = 0; at < 5; at += 1) await ledger.record(decisionAbout(`before-${at}`));
  receipt = await ledger.record(decision);
  other = await ledger.record(decisionAbout("another"));
});
afterAll(() => {
  ledger.close();
  rmSync(folder, { recursive: true, force: true });
});

const strangerPair = generateKeyPairSync("ed25519");
const stranger: PublicKey = publicKeyOf(rawKeyOf(strangerPair.publicKey));
const verify = (value: unknown, keys: readonly PublicKey[] = [ledger.publicKey]) =>
  verifyReceipt(value, { publicKeys: keys, artifactSha256 });
const failing = (step: string) => expect.objectContaining({ code: "usage.receipt", facts: { step } });

it("verifies with the right key among several, from its JSON alone", () => {
  const verified = verify(JSON.parse(JSON.stringify(receipt)), [stranger, ledger.publicKey]);
  expect(verified).toMatchObject({ index: 5n, treeSize: 6n, verdict: "hold", verificationResult: "FAILED" });
  expect(verified.key.id).toBe(ledger.publicKey.id);
  expect(verified.subject).toEqual({ ...decision.subject });
  expect(describeReceipt(receipt).reasons[0]?.policy).toBe("unsigned");
});

it("states an admission as PASSED and a signer by the digest of its id", async () => {
  const subject = { kind: "signer" as const, id: "signer:Example Ltd", label: "Example Ltd" };
  const admitted = await ledger.record({ ...decision, subject, verdict: "admit" });
  const verified = verifyReceipt(admitted, { publicKeys: [ledger.publicKey] });
  expect(verified).toMatchObject({ verdict: "admit", verificationResult: "PASSED", subject });
  expect(() => verify(admitted)).toThrow(failing("subject"));
});

it("names the proof that fails", () => {
  const log = (change: Partial<Receipt["log"]>): Receipt => ({
    ...receipt,
    log: { ...receipt.log, ...change },
  });
  expect(() => verify(receipt, [stranger])).toThrow(failing("envelope"));
  expect(() => verify(receipt, [])).toThrow(failing("envelope"));
  expect(() => verify(other)).toThrow(failing("subject"));
  expect(() => verify({ ...receipt, envelope: other.envelope })).toThrow(failing("subject"));
  expect(() => verify(log({ checkpoint: other.log.checkpoint }))).toThrow(failing("inclusion"));
  expect(() => verify(log({ salt: other.log.salt }))).toThrow(failing("inclusion"));
  expect(() => verify(log({ index: "4" }))).toThrow(failing("inclusion"));
  expect(() => verify(log({ index: "18446744073709551615" }))).toThrow(failing("inclusion"));
  expect(() => verify(log({ inclusionProof: [] }))).toThrow(failing("inclusion"));
  expect(() => verify(log({ origin: "elsewhere.example/log" }))).toThrow(failing("origin"));
  const forged = receipt.log.checkpoint.replace("\n6\n", "\n7\n");
  expect(() => verify(log({ checkpoint: forged }))).toThrow(failing("checkpoint"));
});

it("never trusts a key that the receipt itself brings", () => {
  const payload = Buffer.from(receipt.envelope.payload, "base64");
  const signer = { privateKey: strangerPair.privateKey, publicKey: stranger };
  const envelope = signEnvelope(payload, signer);
  const claimed = envelope.signatures.map(({ sig }) => ({ keyid: ledger.publicKey.id, sig }));
  expect(() => verify({ ...receipt, envelope: { ...envelope, signatures: claimed } })).toThrow(
    failing("envelope"),
  );
  expect(() => verify({ ...receipt, publicKey: stranger.raw.toString("base64") })).toThrow(failing("schema"));
});

it("does not take a signature over something else for one over the statement", () => {
  const payload = Buffer.from(receipt.envelope.payload, "base64");
  const bare = sign(null, payload, strangerPair.privateKey).toString("base64");
  const envelope = { ...receipt.envelope, signatures: [{ keyid: "", sig: bare }] };
  expect(() => verify({ ...receipt, envelope }, [stranger])).toThrow(failing("envelope"));
});

it("answers hostile JSON with a refusal and nothing else", () => {
  const values: unknown[] = [undefined, null, 0, "", [], {}, Number.NaN, { schema: "sallyport.receipt/1" }];
  for (const hostile of [
    null,
    7,
    "",
    "x",
    [],
    {},
    { __proto__: null },
    "A".repeat(5_000_000),
    new Array(100_000),
  ])
    for (const mutated of replacements(receipt, hostile)) values.push(mutated);
  values.push(JSON.parse(`{"__proto__": ${JSON.stringify(receipt)}}`));
  for (const value of values) {
    expect(() => verify(value)).toThrow(UsageError);
    expect(() => verify(value)).toThrow(expect.objectContaining({ code: "usage.receipt" }));
  }
});

it("refuses every receipt in which one character was changed", () => {
  const text = JSON.stringify(receipt);
  for (let at = 0; at < text.length; at += 7) {
    const value = parse(`${text.slice(0, at)}${text[at] === "A" ? "B" : "A"}${text.slice(at + 1)}`);
    if (value === undefined) continue;
    expect(() => verify(value), `at ${at}`).toThrow(expect.objectContaining({ code: "usage.receipt" }));
  }
});

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The value with every member, at any depth, replaced in turn. */
function* replacements(value: unknown, by: unknown): Iterable<unknown> {
  if (typeof value !== "object" || value === null) return;
  const entries = Object.entries(value);
  for (const [key, inner] of entries) {
    const rebuild = (member: unknown): unknown =>
      Array.isArray(value)
        ? value.map((item, index) => (String(index) === key ? member : item))
        : { ...value, [key]: member };
    if (inner !== by) yield rebuild(by);
    for (const deeper of replacements(inner, by)) yield rebuild(deeper);
  }
}
