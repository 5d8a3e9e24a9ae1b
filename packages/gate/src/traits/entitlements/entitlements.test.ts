import { describe, expect, it } from "vitest";
import { withResources } from "../../formats/pe/section.fixture.ts";
import { buildPeImage } from "../../replica/pe-image.ts";
import { blob, REQUIREMENTS, signMachO } from "../../signatures/apple-code/signing.fixture.ts";
import { compareMembers, portraitOf } from "../trait.fixture.ts";
import type { Difference, Risk } from "../trait.ts";
import { entitlements } from "./index.ts";

async function compare(
  path: string,
  before: Buffer | string,
  after: Buffer | string,
  format = "data",
): Promise<Difference[]> {
  const [old, now] = [before, after].map((bytes) =>
    portraitOf([entitlements], { path, format, bytes: Buffer.from(bytes) }),
  );
  return compareMembers(entitlements, await old, await now);
}

const told = (differences: readonly Difference[]): [string, Risk][] =>
  differences.map(({ rule, risk }) => [rule, risk]);

const plist = (keys: Readonly<Record<string, string>>): string =>
  `<?xml version="1.0"?><plist version="1.0"><dict>${Object.entries(keys)
    .map(([key, value]) => `<key>${key}</key>${value}`)
    .join("")}</dict></plist>`;

function signed(keys: Readonly<Record<string, string>>, flags = 0x1_0000): Buffer {
  const special = new Map([
    [2, REQUIREMENTS],
    [5, blob(0xfade7171, Buffer.from(plist(keys)))],
  ]);
  return signMachO({ special, flags }).bytes;
}

const code = (before: Buffer, after: Buffer) =>
  compare("Demo.app/Contents/MacOS/demo", before, after, "mach-o");
const CS = "com.apple.security.cs.";

describe("entitlements of Apple's code", () => {
  it.each([
    [`${CS}disable-library-validation`, "high"],
    [`${CS}allow-dyld-environment-variables`, "high"],
    ["com.apple.security.get-task-allow", "high"],
    ["com.apple.private.tcc.allow", "high"],
    ["com.apple.security.device.camera", "medium"],
    [`${CS}allow-jit`, "low"],
    ["com.apple.security.network.client", "low"],
  ])("tells of %s", async (name, risk) => {
    const differences = await code(signed({}), signed({ [name]: "<true/>" }));
    expect(told(differences)).toEqual([["permission-gained", risk]]);
    expect(differences[0]?.because).toContain(name);
  });

  it("tells when the sandbox or the hardened runtime is given up", async () => {
    const sandbox = { "com.apple.security.app-sandbox": "<true/>" };
    expect(told(await code(signed(sandbox), signed({})))).toEqual([["protection-lost", "high"]]);
    expect(
      told(await code(signed(sandbox), signed({ "com.apple.security.app-sandbox": "<false/>" }))),
    ).toEqual([["protection-lost", "high"]]);
    expect(told(await code(signed({}), signed({}, 0)))).toEqual([["protection-lost", "high"]]);
  });

  it("says nothing when rights stay, are refused, or go", async () => {
    const keys = {
      [`${CS}allow-jit`]: "<true/>",
      "keychain-access-groups": "<array><string>T.a</string></array>",
    };
    expect(await code(signed(keys), signed({ ...keys, "com.example.more": "<false/>" }))).toEqual([]);
    expect(await code(signed(keys), signed({}))).toEqual([]);
  });

  it("says one thing of several rights of a kind", async () => {
    const after = {
      "com.apple.security.device.camera": "<true/>",
      "com.apple.security.device.audio-input": "<true/>",
    };
    expect(told(await code(signed({}), signed(after)))).toEqual([["permission-gained", "medium"]]);
  });
});

describe("a bundle's own description", () => {
  const info = (keys: Readonly<Record<string, string>>) =>
    plist({
      CFBundleName: "<string>Demo</string>",
      CFBundleVersion: `<string>${Object.keys(keys).length}</string>`,
      ...keys,
    });

  it.each([
    [{ LSEnvironment: "<dict><key>DYLD_INSERT_LIBRARIES</key><string>x.dylib</string></dict>" }, "high"],
    [{ LSUIElement: "<true/>" }, "medium"],
    [{ LSUIElement: "<string>1</string>" }, "medium"],
    [{ NSCameraUsageDescription: "<string>To see you</string>" }, "medium"],
  ])("tells of %j", async (keys, risk) => {
    expect(told(await compare("Demo.app/Contents/Info.plist", info({}), info(keys)))).toEqual([
      ["permission-gained", risk],
    ]);
  });

  it("tells when an Electron app gives up the integrity of its archive", async () => {
    const before = info({ ElectronAsarIntegrity: "<dict><key>Resources/app.asar</key><dict/></dict>" });
    expect(told(await compare("Info.plist", before, info({})))).toEqual([["protection-lost", "high"]]);
  });

  it("says nothing of versions and reworded descriptions", async () => {
    const said = (text: string) =>
      info({
        NSCameraUsageDescription: `<string>${text}</string>`,
        CFBundleShortVersionString: `<string>${text}</string>`,
      });
    expect(await compare("Info.plist", said("1"), said("2"))).toEqual([]);
  });
});

describe("what Windows is asked for", () => {
  const app = (capabilities: string, more = ""): string =>
    `<Package xmlns="http://schemas.microsoft.com/appx/manifest/foundation/windows10" xmlns:r="urn:r"><Identity Name="Demo" Version="1.0.0.0"/><Capabilities>${capabilities}</Capabilities>${more}</Package>`;

  it.each([
    ['<r:Capability Name="allowElevation"/>', "high"],
    ['<r:Capability Name="broadFileSystemAccess"/>', "high"],
    ['<DeviceCapability Name="webcam"/>', "medium"],
    ['<Capability Name="internetClient"/>', "low"],
  ])("tells of %s", async (capability, risk) => {
    expect(told(await compare("AppxManifest.xml", app(""), app(capability)))).toEqual([
      ["permission-gained", risk],
    ]);
  });

  it("tells of a task at start", async () => {
    const after = app(
      "",
      '<Applications><Application><Extensions><Extension Category="windows.startupTask"/></Extensions></Application></Applications>',
    );
    expect(told(await compare("AppxManifest.xml", app(""), after))).toEqual([
      ["permission-gained", "medium"],
    ]);
  });

  it("says nothing of a new version", async () => {
    const before = app('<Capability Name="internetClient"/>');
    expect(await compare("AppxManifest.xml", before, before.replace("1.0.0.0", "1.1.0.0"))).toEqual([]);
  });

  const program = (level: string, uiAccess = "false"): Buffer => {
    const manifest = `<assembly xmlns="urn:schemas-microsoft-com:asm.v1"><trustInfo><security><requestedPrivileges><requestedExecutionLevel level="${level}" uiAccess="${uiAccess}"/></requestedPrivileges></security></trustInfo></assembly>`;
    return withResources(buildPeImage(), [{ type: 24, name: 1, bytes: Buffer.from(manifest) }]);
  };

  it("tells of a program that asks for an administrator's rights, or for other windows", async () => {
    const before = program("asInvoker");
    expect(told(await compare("demo.exe", before, program("requireAdministrator"), "pe"))).toEqual([
      ["permission-gained", "medium"],
    ]);
    expect(told(await compare("demo.exe", before, program("asInvoker", "true"), "pe"))).toEqual([
      ["permission-gained", "high"],
    ]);
  });

  it("says nothing of programs that stay as they are, or have no manifest", async () => {
    const image = buildPeImage({ content: Buffer.from("other") });
    expect(await compare("demo.exe", program("asInvoker"), program("asInvoker"), "pe")).toEqual([]);
    expect(await compare("demo.exe", buildPeImage(), image, "pe")).toEqual([]);
  });
});

describe("sandboxes", () => {
  const snap = (more: string): string => `name: demo\nversion: '1'\n${more}`;

  it.each([
    [
      "confinement: strict\napps:\n  demo:\n    plugs: [network]",
      "confinement: classic\napps:\n  demo:\n    plugs: [network]",
      ["permission-gained", "protection-lost"],
    ],
    [
      "apps:\n  demo:\n    plugs: [network]",
      "apps:\n  demo:\n    plugs: [network, personal-files]",
      ["permission-gained"],
    ],
    [
      "plugs:\n  x:\n    interface: content",
      "plugs:\n  x:\n    interface: system-files",
      ["permission-gained"],
    ],
  ])("holds a snap that asks for much", async (before, after, rules) => {
    const differences = await compare("meta/snap.yaml", snap(before), snap(after));
    expect(told(differences)).toEqual(rules.map((rule) => [rule, "high"]));
  });

  const flatpak = (context: string): string =>
    `[Application]\nname=org.example.Demo\n[Context]\n${context}\n`;

  it.each([
    ["shared=network;", "shared=network;\nfilesystems=host;", "high"],
    ["shared=network;", "shared=network;\n[Session Bus Policy]\norg.freedesktop.Flatpak=talk", "high"],
    ["shared=network;", "shared=network;\ndevices=all;", "medium"],
    ["shared=ipc;", "shared=ipc;network;", "low"],
  ])("tells of a flatpak that asks for more", async (before, after, risk) => {
    expect(told(await compare("metadata", flatpak(before), flatpak(after)))).toEqual([
      ["permission-gained", risk],
    ]);
  });

  const extension = (more: object): string => JSON.stringify({ manifest_version: 3, version: "1", ...more });

  it.each([
    [{ permissions: ["nativeMessaging"] }, "high"],
    [{ content_scripts: [{ matches: ["*://*/*"] }] }, "high"],
    [{ permissions: ["cookies"] }, "medium"],
    [{ permissions: ["storage"] }, "low"],
  ])("tells of a browser extension with %j", async (more, risk) => {
    expect(told(await compare("manifest.json", extension({}), extension(more)))).toEqual([
      ["permission-gained", risk],
    ]);
  });

  it("takes no other description for one of these", async () => {
    expect(await compare("metadata", "Name: demo", "Name: demo\nfilesystems=host")).toEqual([]);
    expect(await compare("manifest.json", '{"name":"a"}', '{"name":"a","permissions":["proxy"]}')).toEqual(
      [],
    );
  });
});

describe("Android's permissions", () => {
  it.each([true, false])("tells of what is new (UTF-8: %s)", async (isUtf8) => {
    const before = androidManifest(["android.permission.INTERNET", "versionName", "1.0"], isUtf8);
    const after = androidManifest(
      [
        "android.permission.INTERNET",
        "versionName",
        "1.1",
        "android.permission.READ_SMS",
        "android.permission.CAMERA",
        "android.permission.VIBRATE",
      ],
      isUtf8,
    );
    expect(told(await compare("AndroidManifest.xml", before, after))).toEqual([
      ["permission-gained", "medium"],
      ["permission-gained", "high"],
      ["permission-gained", "low"],
    ]);
  });
});

/** The table of texts that such a manifest begins with. */
function androidManifest(texts: readonly string[], isUtf8: boolean): Buffer {
  const strings = texts.map((text) =>
    isUtf8
      ? Buffer.from([text.length, text.length, ...Buffer.from(text), 0])
      : Buffer.concat([Buffer.from([text.length, 0]), Buffer.from(text, "utf16le"), Buffer.alloc(2)]),
  );
  const start = 28 + texts.length * 4;
  const pool = Buffer.alloc(start);
  pool.writeUInt32LE(0x001c_0001, 0);
  pool.writeUInt32LE(texts.length, 8);
  pool.writeUInt32LE(isUtf8 ? 0x100 : 0, 16);
  pool.writeUInt32LE(start, 20);
  let at = 0;
  for (const [index, string] of strings.entries()) {
    pool.writeUInt32LE(at, 28 + index * 4);
    at += string.length;
  }
  return Buffer.concat([Buffer.from("0300080000000000", "hex"), pool, ...strings]);
}
