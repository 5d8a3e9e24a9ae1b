import { describe, expect, it } from "vitest";
import { readZoneIdentifier } from "./mark.ts";

describe("the mark of the web", () => {
  it("names the page that led there and the address of the bytes", () => {
    const text =
      "[ZoneTransfer]\r\nZoneId=3\r\nReferrerUrl=https://a.example/get\r\nHostUrl=https://cdn.example/x.exe\r\n";
    expect(readZoneIdentifier(text)).toEqual({
      urls: ["https://a.example/get", "https://cdn.example/x.exe"],
      toldBy: "mark-of-the-web",
    });
  });

  it.each([
    ["", "nothing"],
    ["[ZoneTransfer]\nZoneId=3\n", "no address"],
    ["[ZoneTransfer]\nZoneId=3\nHostUrl=about:internet\n", "no address of the web"],
    ["[ZoneTransfer]\nZoneId=1\nHostUrl=https://a.example/\n", "a zone inside"],
    ["ZoneId=3\nHostUrl=https://a.example/\n", "no section"],
    ["[Other]\nZoneId=3\nHostUrl=https://a.example/\n", "another section"],
    [`[ZoneTransfer]\nZoneId=3\nHostUrl=https://a.example/${"x".repeat(10_000)}`, "an address without end"],
    ["\0\xff[ZoneTransfer]", "garbage"],
  ])("takes %j for none: %s", (text) => {
    expect(readZoneIdentifier(text)).toBeUndefined();
  });

  it("takes the first of two that contradict each other, whatever the case", () => {
    const text = "\ufeff[zonetransfer]\nzoneid=3\nhosturl=https://a.example/\nHostUrl=https://b.example/\n";
    expect(readZoneIdentifier(text)?.urls).toEqual(["https://a.example/"]);
  });
});
