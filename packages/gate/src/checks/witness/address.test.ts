import { expect, it } from "vitest";
import { fileOfAddress, namesVersion, sameAddress } from "./address.ts";

it.each([
  ["https://7-zip.example/a/7z2408-x64.msi", "24.08", true],
  ["https://7-zip.example/a/7z2408-x64.msi", "24.08.00.0", true],
  ["https://a.example/app-1.2.3.exe", "1.2.3", true],
  ["https://a.example/app_1_2_3.exe", "1.2.3.0", true],
  ["https://a.example/v1.2.3/setup.exe", "1.2.3", true],
  ["https://a.example/dl?v=1.2.3", "1.2.3", true],
  ["https://a.example/v11.2.3/setup.exe", "1.2.3", false],
  ["https://a.example/app-1.2.31.exe", "1.2.3", false],
  ["https://a.example/latest/setup.exe", "1.2.3", false],
  ["https://a.example/v5/setup.exe", "5", false],
  ["https://a.example/build-12345.exe", "12345", true],
  ["https://a.example/setup.exe", "latest", false],
  ["no address", "1.2.3", false],
  ["https://a.example/%zz-1.2.3.exe", "1.2.3", true],
])("knows whether %s is an address of version %s for good", (address, version, lasts) => {
  expect(namesVersion(address, version)).toBe(lasts);
});

it("compares files and addresses as they are meant", () => {
  expect(fileOfAddress("https://a.example/x/App%20Setup.EXE?token=1")).toBe("app setup.exe");
  expect(fileOfAddress("https://a.example/")).toBeUndefined();
  expect(sameAddress("HTTPS://A.example/x", "http://a.example/x")).toBe(true);
  expect(sameAddress("https://a.example/x", "https://a.example/X")).toBe(false);
  expect(sameAddress("https://a.example/x?a=1", "https://a.example/x")).toBe(false);
});
