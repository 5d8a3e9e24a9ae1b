import { ArtifactError } from "@sallyport/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { elementsOf, onlyElement } from "./element.ts";
import { readXml, readXmlDocument, type XmlLimits } from "./read-xml.ts";

const read = (text: string, limits?: XmlLimits) => readXml(Buffer.from(text), limits);
const refuses = (bytes: Buffer, code: string, limits?: XmlLimits) =>
  expect(() => readXml(bytes, limits)).toThrowError(expect.objectContaining({ code }));

describe("reading XML", () => {
  it("resolves names, keeps prefixes and declarations apart, and joins text", () => {
    const root = read(
      '<?xml version="1.0" encoding="utf-8"?><a xmlns="urn:a" xmlns:b="urn:b" x="1" b:x="2">t<b:c/>&amp;<![CDATA[<d>]]></a>\n',
    );
    expect(root).toMatchObject({ name: "a", prefix: "", namespace: "urn:a", text: "t&<d>" });
    expect([...root.attributes]).toEqual([
      ["x", "1"],
      ["{urn:b}x", "2"],
    ]);
    expect([...root.attributePrefixes]).toEqual([["{urn:b}x", "b"]]);
    expect([...root.declarations]).toEqual([
      ["", "urn:a"],
      ["b", "urn:b"],
    ]);
    expect(onlyElement(root, "c")).toMatchObject({ name: "c", prefix: "b", namespace: "urn:b" });
    expect(elementsOf(root)).toHaveLength(1);
    expect(onlyElement(root, "d")).toBeUndefined();
  });

  it("counts comments and instructions, which it reads past", () => {
    const document = readXmlDocument(Buffer.from("<!-- a --><a><?b c?>x<!-- d -->y</a>"));
    expect(document).toMatchObject({ commentCount: 2, instructionCount: 1, root: { text: "xy" } });
  });

  it("takes a name like those every object has for a name", () => {
    const root = read('<a __proto__="1" constructor="2"><__proto__/></a>');
    expect(root.attributes.get("__proto__")).toBe("1");
    expect(root.attributes.get("toString")).toBeUndefined();
    expect(onlyElement(root, "__proto__")).toBeDefined();
  });

  it.each([
    ["UTF-8 with a mark", Buffer.from('\ufeff<?xml version="1.0" encoding="UTF-8"?><a>é</a>')],
    ["UTF-16 with a mark", Buffer.from('\ufeff<?xml version="1.0" encoding="utf-16"?><a>é</a>', "utf16le")],
    ["UTF-16 with the other mark", Buffer.from("\ufeff<a>é</a>", "utf16le").swap16()],
    ["UTF-16 without", Buffer.from('<?xml version="1.0" encoding="utf-16"?><a>é</a>', "utf16le")],
    ["ISO 8859-1", Buffer.from("<?xml version='1.0' encoding='ISO-8859-1'?><a>é</a>", "latin1")],
  ])("reads %s", (_name, bytes) => {
    expect(readXml(bytes).text).toBe("é");
  });

  it("takes a document type that only names one where that is asked for", () => {
    const list = '<!DOCTYPE plist PUBLIC "-//x//DTD" "http://x/y.dtd"><plist/>';
    expect(read(list, { allowsDocumentType: true }).name).toBe("plist");
    refuses(Buffer.from(list), "artifact.malformed");
    refuses(Buffer.from('<!DOCTYPE a [<!ENTITY b "c">]><a/>'), "artifact.malformed", {
      allowsDocumentType: true,
    });
  });
});

describe("hostile XML", () => {
  it.each([
    ["nothing", ""],
    ["no element", "<!-- -->"],
    ["two roots", "<a/><b/>"],
    ["text behind the root", "<a/>x"],
    ["bytes behind the root", "<a/>\0"],
    ["an element that does not end", "<a><b></a>"],
    ["an attribute twice", '<a b="1" b="2"/>'],
    ["an attribute twice by two prefixes", '<a xmlns:x="u" xmlns:y="u" x:b="1" y:b="2"/>'],
    ["an unknown prefix", "<x:a/>"],
    ["an unknown entity", "<a>&b;</a>"],
    ["a forbidden character", "<a>\u0001</a>"],
    ["a forbidden character by number", "<a>&#1;</a>"],
    ["a declaration in the middle", '<a/><?xml version="1.0"?>'],
    ["an encoding it is not", '<?xml version="1.0" encoding="utf-16"?><a/>'],
  ])("refuses %s", (_name, text) => refuses(Buffer.from(text), "artifact.malformed"));

  it("refuses bytes that are not the encoding they claim to be", () => {
    refuses(Buffer.from("<a>\xff</a>", "latin1"), "artifact.malformed");
    refuses(Buffer.from('<?xml version="1.0" encoding="us-ascii"?><a>é</a>'), "artifact.malformed");
    refuses(Buffer.from('\ufeff<?xml version="1.0" encoding="iso-8859-1"?><a/>'), "artifact.malformed");
    refuses(Buffer.from('<?xml version="1.0" encoding="utf-7"?><a/>'), "artifact.unsupported");
    refuses(Buffer.from('<?xml version="1.1"?><a/>'), "artifact.unsupported");
  });

  it("stops at each limit", () => {
    refuses(Buffer.from("<a>".repeat(200)), "artifact.over-limit");
    expect(read(`${"<a>".repeat(100)}${"</a>".repeat(100)}`).name).toBe("a");
    refuses(Buffer.from(`<a>${"<b/>".repeat(20)}</a>`), "artifact.over-limit", { maxNodes: 20 });
    const attributes = Array.from({ length: 30 }, (_, at) => `b${at}=""`).join(" ");
    refuses(Buffer.from(`<a ${attributes}/>`), "artifact.over-limit", { maxNodes: 20 });
    refuses(Buffer.from("<a>aaaa</a>"), "artifact.over-limit", { maxBytes: 10 });
    const declared = Array.from({ length: 200 }, (_, at) => `xmlns:b${at}="u"`).join(" ");
    refuses(Buffer.from(`<a ${declared}/>`), "artifact.over-limit");
    expect(read(`<a>${'<b xmlns:c="u"/><d xmlns="v"><e xmlns="v"/></d>'.repeat(200)}</a>`).name).toBe("a");
  });

  it("meets every truncation and every flip with an error it knows", () => {
    const whole = Buffer.from('<?xml version="1.0"?><a xmlns:b="u"><b:c d="e">f&lt;</b:c><![CDATA[g]]></a>');
    for (let length = 0; length < whole.length; length += 1)
      refuses(whole.subarray(0, length), "artifact.malformed");
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Buffer.from(whole);
        changed[at] = (changed[at] ?? 0) ^ change;
        try {
          readXml(changed);
        } catch (error) {
          if (!(error instanceof ArtifactError)) throw error;
        }
      }),
      { seed: 11, numRuns: 2000 },
    );
  });
});
