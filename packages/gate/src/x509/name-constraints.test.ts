/** Which names an authority may speak for, as OpenSSL sees it too. @module */

import { describe, expect, it } from "vitest";
import { writeContext, writeContextPrimitive, writeSequence } from "../asn1/write.ts";
import { type IssuedCertificate, writeExtension, writeName } from "../replica/certificate-authority.ts";
import { authority, expectBoth, judge, root, signer } from "./test-world.fixture.ts";

describe("name constraints", () => {
  const general = {
    email: (text: string) => writeContextPrimitive(1, Buffer.from(text, "latin1")),
    dns: (text: string) => writeContextPrimitive(2, Buffer.from(text, "latin1")),
    uri: (text: string) => writeContextPrimitive(6, Buffer.from(text, "latin1")),
    address: (...octets: number[]) => writeContextPrimitive(7, Buffer.from(octets)),
    directory: (commonName: string) => writeContext(4, writeName({ commonName })),
    registered: () => writeContextPrimitive(8, Buffer.from([0x2a, 3])),
  };
  const constrained = (place: 0 | 1, ...names: Uint8Array[]) =>
    authority("Constrained", root(), {
      extraExtensions: [
        writeExtension(
          "2.5.29.30",
          true,
          writeSequence(writeContext(place, ...names.map((name) => writeSequence(name)))),
        ),
      ],
    });
  const named = (issuer: IssuedCertificate, ...names: Uint8Array[]) =>
    signer(issuer, { extraExtensions: [writeExtension("2.5.29.17", false, writeSequence(...names))] });
  const { email, dns, uri, address, directory, registered } = general;

  it.each<[string, Uint8Array, Uint8Array, boolean]>([
    ["a host below its domain", dns("example.com"), dns("www.example.com"), true],
    ["the domain itself", dns("example.com"), dns("EXAMPLE.com"), true],
    ["a domain that only ends alike", dns("example.com"), dns("badexample.com"), false],
    ["a mailbox of its host", email("example.com"), email("a@example.com"), true],
    ["a mailbox of another host", email("example.com"), email("a@sub.example.com"), false],
    ["a mailbox below its domain", email(".example.com"), email("a@sub.example.com"), true],
    ["an address of its host", uri("host.example.com"), uri("https://host.example.com/x"), true],
    ["an address below its domain", uri(".example.com"), uri("https://a.example.com:1/"), true],
    ["an address elsewhere", uri(".example.com"), uri("https://example.org/"), false],
    ["a host in its network", address(10, 0, 0, 0, 255, 0, 0, 0), address(10, 1, 2, 3), true],
    ["a host in another network", address(10, 0, 0, 0, 255, 0, 0, 0), address(11, 1, 2, 3), false],
  ])("judges %s as OpenSSL does, permitted and excluded", (_, constraint, name, within) => {
    const permitted = constrained(0, constraint);
    expectBoth(named(permitted, name), [permitted], within ? "anchored" : "invalid-path");
    const excluded = constrained(1, constraint);
    expectBoth(named(excluded, name), [excluded], within ? "invalid-path" : "anchored");
  });

  it("holds the subject to directory names", () => {
    const permitted = authority("Constrained", root(), {
      nameConstraints: { permitted: [{ commonName: "Other" }] },
    });
    expectBoth(signer(permitted), [permitted], "invalid-path");
    const own = authority("Constrained", root(), {
      nameConstraints: { permitted: [{ commonName: "signer" }] },
    });
    expectBoth(signer(own, { subject: { commonName: "Signer" } }), [own], "anchored");
    const excluded = constrained(1, directory("Signer"));
    expectBoth(signer(excluded, { subject: { commonName: "Signer" } }), [excluded], "invalid-path");
  });

  it("refuses a critical constraint on names it cannot compare", () => {
    const strange = constrained(0, registered());
    expect(judge(signer(strange), [strange]).outcome).toBe("invalid-path");
  });
});
