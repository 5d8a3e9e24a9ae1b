import type { Known, Supplier } from "@sallyport/core";
import { describe, expect, it } from "vitest";
import { contextWith, rootWith, signedBy } from "../check.fixture.ts";
import type { Origin } from "../check.ts";
import { intelWith, snapshotWith } from "../intel.fixture.ts";
import { askAndAnswer } from "../recall.fixture.ts";
import { origin } from "./index.ts";

const artifact = rootWith({
  signatures: [signedBy("Ledgerworks Software")],
  identity: { product: "Ledgerpad", company: "Ledgerworks Software" },
});
const organisation = snapshotWith({ id: "organisation@1", source: "organisation", title: "Said here" });
const supplierOf = (...domains: string[]): Known<Supplier> => ({
  fact: { name: "Ledgerworks Software", domains },
  snapshot: "organisation@1",
  match: "certain",
  because: "the name is the same",
});

const from = (
  urls: readonly string[],
  domains: readonly string[] = ["ledgerworks.example"],
  toldBy: Origin["toldBy"] = "download",
) =>
  askAndAnswer(
    origin,
    artifact,
    contextWith({
      origin: { urls, toldBy },
      intel: intelWith({
        snapshots: [organisation],
        ...(domains.length > 0 && { supplier: supplierOf(...domains) }),
      }),
    }),
  );

describe("origin", () => {
  it("is not checked when nobody says where it came from", async () => {
    expect(await askAndAnswer(origin, artifact, contextWith({}))).toEqual({
      notChecked: expect.stringMatching(/^nobody says where it came from: give --origin/),
    });
  });

  it("passes what comes from where its maker publishes, or was sent on from there", async () => {
    for (const urls of [
      ["https://ledgerworks.example/app.exe"],
      ["https://downloads.ledgerworks.example./app.exe"],
      ["https://ledgerworks.example/app", "https://objects.cdn.example/abc?token=1"],
      ["https://short.example/x", "https://get.ledgerworks.example/app.exe"],
    ])
      expect(await from(urls), urls[0]).toMatchObject({
        outcome: "pass",
        because: expect.stringMatching(
          /^came from .*, where Ledgerworks Software publishes \(Said here of 2026-01-01\)$/,
        ),
        facts: { supplier: "Ledgerworks Software", plain: false },
      });
  });

  it("holds nothing against it where nobody has said where its maker publishes", async () => {
    expect(await from(["https://any.example/app.exe"], [])).toEqual({
      notChecked:
        "came from any.example; nobody here has said where Ledgerworks Software Ltd publishes: sallyport intel add supplier",
    });
  });

  it("says that it came over a way that anybody can change", async () => {
    expect(await from(["http://ledgerworks.example/app.exe"])).toMatchObject({
      outcome: "pass",
      because: expect.stringMatching(/; by http, which anybody on the way can change$/),
      facts: { plain: true },
    });
  });

  it("fails what comes from elsewhere", async () => {
    expect(await from(["https://mirror.example/app.exe"])).toMatchObject([
      {
        outcome: "fail",
        because: expect.stringMatching(
          /^comes from mirror\.example, and Ledgerworks Software publishes from ledgerworks\.example/,
        ),
        facts: { rule: "undeclared", lookAlike: false },
      },
    ]);
    expect(await from(["https://ledgerworks.example.mirror.example/app.exe"])).toMatchObject([
      { facts: { rule: "look-alike" } },
      { facts: { rule: "undeclared" } },
    ]);
  });

  it("does not blame a mark, which names the last hop alone, nor a server inside", async () => {
    expect(await from(["https://objects.cdn.example/x"], undefined, "mark-of-the-web")).toHaveProperty(
      "notChecked",
    );
    expect(await from(["https://10.1.2.3/x"])).toHaveProperty("notChecked");
    expect(await from(["http://files/x"])).toHaveProperty("notChecked");
  });

  it.each([
    ["https://1edgerworks.example/x", "looks like ledgerworks.example"],
    ["https://ledgervvorks.example/x", "looks like ledgerworks.example"],
    ["https://iedgerworks.example/x", "looks like ledgerworks.example"],
    ["https://ledgerwork.example/x", "looks like ledgerworks.example"],
    ["https://ledegrworks.example/x", "looks like ledgerworks.example"],
    ["https://ledgerworks-download.example/x", "looks like ledgerworks.example"],
    ["https://ledgerworks.example.evil.invalid/x", "looks like ledgerworks.example"],
    // Cyrillic letters between Latin ones, and a word of Cyrillic letters alone.
    ["https://lеdgerworks.example/x", "mixes letters of Latin and Cyrillic"],
    ["https://аррӏе.example/x", "only look like apple"],
    ["https://xn--80ak6aa92e.example/x", "only look like"],
    ["https://lédgerworks.example/x", "looks like ledgerworks.example"],
  ])("calls %s what it is: %s", async (url, because) => {
    const result = await from([url]);
    expect(result).toMatchObject([
      {
        outcome: "fail",
        because: expect.stringContaining(because),
        facts: { rule: "look-alike", lookAlike: true },
      },
      { facts: { rule: "undeclared" } },
    ]);
  });

  it("finds letters exchanged in the maker's own name, where no domain was declared", async () => {
    expect(await from(["https://www.Iedgerworks.example/x"], [])).toMatchObject([
      { because: "comes from www.iedgerworks.example, which looks like Ledgerworks Software Ltd and is not" },
    ]);
    expect(await from(["https://ledgerworks.example/x"], [])).toHaveProperty("notChecked");
  });

  it.each([
    ["https://пример.example/x"],
    ["https://münchen.example/x"],
    ["https://日本ソフトweb.example/x"],
    ["https://ledgers.example/x"],
    ["https://works.example/x"],
    ["https://сор.рф/x"],
  ])("does not take %s for a look-alike", async (url) => {
    expect(await from([url], [])).toHaveProperty("notChecked");
    expect(await from([url])).toMatchObject([{ facts: { rule: "undeclared" } }]);
  });

  it("fails numbers instead of names, and names in front of the real one", async () => {
    expect(await from(["https://203.0.113.7/x"], [])).toMatchObject([{ facts: { rule: "bare-address" } }]);
    expect(await from(["https://[2001:db8::1]/x"], [])).toMatchObject([{ facts: { rule: "bare-address" } }]);
    expect(await from(["https://0xcb007107/x"], [])).toMatchObject([{ facts: { rule: "bare-address" } }]);
    expect(await from(["https://ledgerworks.example@files.invalid/x"], [])).toMatchObject([
      { facts: { rule: "user-in-address" } },
    ]);
    for (const disguise of ["ledgerworks%2Eexample", "ledgerworks\uff0eexample", "a:www.ledgerworks.example"])
      expect(await from([`https://${disguise}@files.invalid/x`], [])).toMatchObject([
        { facts: { rule: "user-in-address" } },
      ]);
    expect(await from(["https://me:secret@files.invalid/x"], [])).toHaveProperty("notChecked");
  });

  it("looks at every hop", async () => {
    const urls = ["https://ledgerworks.example/x", "https://203.0.113.7/x"];
    expect(await from(urls)).toMatchObject([{ facts: { rule: "bare-address" } }]);
  });

  it("lets a maker's site send people on to servers that bear its name, and to no disguise", async () => {
    const start = "https://ledgerworks.example/get";
    expect(await from([start, "https://ledgerworks-downloads.example/x"])).toMatchObject({ outcome: "pass" });
    expect(await from([start, "https://1edgerworks.example/x"])).toMatchObject([
      { facts: { rule: "look-alike" } },
    ]);
    expect(await from(["https://ledgerworks-downloads.example/x", start])).toMatchObject([
      { facts: { rule: "look-alike" } },
    ]);
  });

  it("takes what is no address for none, however hostile", async () => {
    for (const urls of [
      ["about:internet"],
      ["javascript:alert(1)"],
      ["x".repeat(100_000)],
      ["https://"],
      ["file:///etc"],
    ])
      expect(await from(urls)).toEqual({ notChecked: expect.stringMatching(/none of the web/) });
    const { recall } = origin;
    if (typeof recall !== "object") throw new Error("no recall");
    for (const asked of [
      {},
      { urls: [1], toldBy: "download" },
      { urls: ["https://a.example"], toldBy: "me" },
    ])
      expect(await recall.answer(asked, contextWith({}))).toHaveProperty("notChecked");
  });

  it("compares long names in no time", async () => {
    const long = `${"a".repeat(60)}.`.repeat(4);
    expect(await from([`https://${long}example/x`], [`${long}invalid`])).toHaveLength(1);
  });
});
