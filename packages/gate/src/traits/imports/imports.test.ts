import { describe, expect, it } from "vitest";
import { alarms, compareImages } from "../executable/compare.fixture.ts";
import { imports } from "./index.ts";
import { powersOf } from "./powers.ts";

const USUAL = ["kernel32!CreateFileW", "kernel32!ReadFile", "kernel32!HeapAlloc", "kernel32!ExitProcess"];

const judge = async (
  added: readonly string[],
  old: readonly string[] = [],
  isLibrary = true,
): Promise<string[]> =>
  alarms(
    await compareImages(
      imports,
      { isLibrary, imports: [...USUAL, ...old] },
      { isLibrary, imports: [...USUAL, ...old, ...added] },
    ),
  );

describe("a library", () => {
  it("is held when it gains what brings in and runs a payload", async () => {
    expect(await judge(["winhttp!WinHttpOpen", "kernel32!VirtualProtect"])).toEqual(["high powers-combined"]);
    expect(await judge(["kernel32!VirtualAllocEx", "kernel32!CreateToolhelp32Snapshot"])).toEqual([
      "high powers-combined",
    ]);
  });

  it("is held when it begins to read stored credentials or writes into other processes", async () => {
    expect(await judge(["crypt32!CryptUnprotectData"])).toEqual(["high power-gained"]);
    expect(await judge(["kernel32!WriteProcessMemory", "kernel32!CreateRemoteThread"])).toEqual([
      "high power-gained",
    ]);
  });

  it("is held when it gains more ways into other processes than the one that a runtime uses", async () => {
    const ways = ["kernel32!WriteProcessMemory", "kernel32!VirtualAllocEx", "kernel32!CreateRemoteThread"];
    expect(await judge(ways, ["kernel32!SetThreadContext"])).toEqual(["high power-gained"]);
    expect(await judge(ways.slice(0, 1), ["kernel32!SetThreadContext"])).toEqual([]);
  });

  it("is shown when it begins to use the network", async () => {
    expect(await judge(["ws2_32!#23"])).toEqual(["medium power-gained"]);
  });

  it("says which functions, and lists them", async () => {
    const [difference] = await compareImages(
      imports,
      { isLibrary: true, imports: USUAL },
      { isLibrary: true, imports: [...USUAL, "ws2_32!#4", "ws2_32!socket"] },
    );
    expect(difference).toMatchObject({
      because: "can now use the network, which it could not before: calls ws2_32 #4 and socket",
      after: { text: "ws2_32 #4\nsocket" },
    });
  });
});

describe("an ordinary update", () => {
  it("may ask for more of what it uses already", async () => {
    expect(await judge(["ws2_32!getaddrinfo", "ws2_32!send"], ["ws2_32!connect"])).toEqual([]);
    expect(await judge(["kernel32!VirtualAlloc"], ["kernel32!VirtualProtect"])).toEqual([]);
  });

  it("may ask for what says nothing", async () => {
    expect(await judge(["kernel32!GetTickCount64", "user32!MessageBoxW", "advapi32!RegOpenKeyExW"])).toEqual(
      [],
    );
  });

  it("may begin to keep credentials in the system's store when it is a program, which is shown", async () => {
    expect(await judge(["advapi32!CredReadW", "advapi32!CredEnumerateW"], [], false)).toEqual([
      "medium power-gained",
    ]);
  });

  it("may learn to update itself when it is a program, which is shown; a library is held", async () => {
    const updating = ["winhttp!WinHttpOpen", "kernel32!CreateProcessW"];
    expect(await judge(updating, [], false)).toEqual(["medium powers-combined"]);
    expect(await judge(updating)).toEqual(["high powers-combined"]);
  });

  it("may begin to use the network or start programs when it is a program", async () => {
    expect(await judge(["ws2_32!connect"], [], false)).toEqual(["low power-gained"]);
    expect(await judge(["kernel32!CreateProcessW"], [], false)).toEqual(["low power-gained"]);
  });
});

describe("a library of .NET", () => {
  it("is judged by the members and native functions it refers to", () => {
    const powers = powersOf([
      "System.Net.Http.HttpClient!GetAsync",
      "System.Diagnostics.Process!Start",
      "System.Reflection.Assembly!Load",
      "System.Reflection.Assembly!GetName",
      "System.Diagnostics.Process!get_Id",
      "kernel32!VirtualAlloc",
      "System.IO.File!ReadAllText",
    ]);
    expect(Object.fromEntries(powers)).toEqual({
      network: ["System.Net.Http.HttpClient.GetAsync"],
      execution: ["System.Diagnostics.Process.Start"],
      "memory-protection": ["System.Reflection.Assembly.Load", "VirtualAlloc"],
    });
  });
});

it("is shown when it asks for almost nothing any more", async () => {
  const many = Array.from({ length: 20 }, (_, index) => `kernel32!Function${index}`);
  const few = ["kernel32!LoadLibraryA", "kernel32!GetProcAddress"];
  expect(alarms(await compareImages(imports, { imports: many }, { imports: few }))).toEqual([
    "medium imports-vanished",
  ]);
});

it("knows functions by whatever name a system gives them", () => {
  const powers = powersOf([
    "!connect@GLIBC_2.2.5",
    "/usr/lib/libSystem.B.dylib!_system",
    "libSystem!_connect$NOCANCEL",
    "kernel32!CreateProcessAsUserW",
    "foundation!_OBJC_CLASS_$_NSURLSession",
    "libcurl.so.4!anything",
  ]);
  expect(powers.get("network")).toHaveLength(4);
  expect(powers.get("execution")).toHaveLength(2);
});
