/** `check URL`: fetched within limits from nowhere private, judged like a file, with the way it took. */

import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { join } from "node:path";
import { identityFor, serve, type TestServer } from "@sallyport/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { documentOf, makePlace, type Place, type Run } from "./sallyport-process.ts";

const INSTALLER = Buffer.from("#!/bin/sh\necho hello\n");
const SHA512 = createHash("sha512").update(INSTALLER).digest("base64");
const NEAR = "--allow-private-network";

let place: Place;
let server: TestServer;
let answering: RequestListener;
beforeEach(async () => {
  place = await makePlace();
  server = await serve((request, response) => answering(request, response));
});
afterEach(async () => {
  expect(await readdir(join(place.home, "scratch")).catch(() => [])).toEqual([]);
  await server.close();
  await place.remove();
});

/** By path; everything else is not there. */
const answer = (pages: Readonly<Record<string, string | Buffer>>): void => {
  answering = ({ url = "" }, response) => {
    const page = pages[url];
    if (page === undefined) response.writeHead(404).end();
    else response.end(page);
  };
};

const check = (...args: string[]) => place.sallyport("check", ...args, NEAR, "--json");
const originOf = (run: Run) => {
  const { evidence, notChecked } = documentOf(run);
  return [...evidence, ...notChecked].find(({ source }) => source === "gate/checks/origin")?.because;
};

function expectTold({ code, stdout, stderr }: Run, exitCode: number, tells: RegExp): void {
  expect(stderr).toMatch(tells);
  expect(stderr).not.toMatch(/\n\s+at |node:internal/);
  expect(stdout).toBe("");
  expect(code).toBe(exitCode);
}

describe("an address", () => {
  it("is judged by what it gives, under the name it gives it, with every redirect", async () => {
    answering = ({ url }, response) => {
      if (url === "/get") response.writeHead(302, { location: "/files/a%20setup.sh" }).end();
      else
        response
          .writeHead(200, { "content-disposition": 'attachment; filename="../evil/Setup 1.sh"' })
          .end(INSTALLER);
    };
    const run = await check(server.url("/get"));
    const { subject } = documentOf(run);
    expect(subject.label).toBe("Setup 1.sh");
    expect(subject.id).toBe(`sha256:${createHash("sha256").update(INSTALLER).digest("hex")}`);
    expect(originOf(run)).toMatch(/127\.0\.0\.1/);
  });

  it("is judged like the file itself", async () => {
    answer({ "/setup.sh": INSTALLER });
    await writeFile(place.at("setup.sh"), INSTALLER);
    const [fetched, given] = [
      await check(server.url("/setup.sh")),
      await place.sallyport("check", place.at("setup.sh"), "--json"),
    ];
    expect(documentOf(fetched).verdict).toBe(documentOf(given).verdict);
    expect(documentOf(fetched).artifact).toEqual(documentOf(given).artifact);
    const [one, other] = [await check(server.url("/setup.sh"), place.at("setup.sh")), fetched.code];
    expect(documentOf(one).results).toHaveLength(2);
    expect(one.code).toBe(other);
  });

  it("is held to the hash that somebody expects", async () => {
    answer({ "/setup.sh": INSTALLER });
    const run = await check(server.url("/setup.sh"), "--expect", `sha256:${"0".repeat(64)}`);
    expect(documentOf(run).evidence).toContainEqual(
      expect.objectContaining({ source: "gate/checks/expected-hash", outcome: "fail" }),
    );
  });

  it.each<[string, RegExp, number]>([
    ["ftp://example.invalid/x", /only http and https/, 2],
    ["https://name:secret@example.invalid/x", /holds a name or password/, 2],
    ["https://", /is no address/, 2],
    ["http://[::1]:1/", /loopback address/, 1],
    ["http://2852039166/latest/meta-data", /link-local address/, 1],
    ["http://localhost:1/", /loopback address/, 1],
  ])("%s is not fetched", async (address, message, code) => {
    const run = await place.sallyport("check", address);
    expectTold(run, code, message);
    expect(run.stderr).not.toContain("secret");
  });

  it("is not followed to a private network, nor believed with a wrong certificate", async () => {
    answer({ "/setup.sh": INSTALLER });
    expectTold(
      await place.sallyport("check", server.url("/setup.sh")),
      1,
      /loopback address.*--allow-private-network/,
    );
    const secure = await serve((_request, response) => response.end(INSTALLER), identityFor("other.example"));
    expectTold(await place.sallyport("check", secure.url("/"), NEAR), 1, /certificate/);
    await secure.close();
  });

  it.each<[string, RequestListener, RegExp, number]>([
    ["nothing", (_request, response) => void response.end(), /gives nothing/, 2],
    ["an error", (_request, response) => void response.writeHead(404).end(), /HTTP 404/, 1],
    [
      "a web page",
      (_request, response) =>
        void response
          .writeHead(200, { "content-type": "text/html; charset=utf-8" })
          .end("<!DOCTYPE html><html>"),
      /web page, not a file/,
      2,
    ],
    [
      "more than it may",
      (_request, response) => void response.end(Buffer.alloc(5000)),
      /more than the 2048 bytes/,
      1,
    ],
    [
      "itself again and again",
      (_request, response) => void response.writeHead(302, { location: "/" }).end(),
      /redirects more than/,
      1,
    ],
  ])("that gives %s is told, and nothing is judged", async (_name, listener, message, code) => {
    answering = listener;
    expectTold(await place.sallyport("check", server.url("/"), NEAR, "--max-bytes", "2K"), code, message);
  });
});

describe("what was fetched", () => {
  const kept = () => readFile(place.at("kept")).catch(() => undefined);

  it("is kept when somebody wants it, for whoever takes it on", async () => {
    answer({ "/setup.sh": INSTALLER });
    const run = await check(server.url("/setup.sh"), "--save", place.at("kept"));
    expect(run.stderr).toMatch(/what was judged is kept as/);
    expect((await kept())?.equals(INSTALLER)).toBe(true);
  });

  it("is not kept when it is refused, nor when a file was judged that is there already", async () => {
    answer({ "/setup.sh": INSTALLER });
    const flags = ["--expect", `sha256:${"0".repeat(64)}`, "--save", place.at("kept")];
    const run = await check(server.url("/setup.sh"), ...flags);
    expect(documentOf(run).verdict).toBe("refuse");
    expect(run.stderr).toMatch(/was not written/);
    expect(await kept()).toBeUndefined();
    await writeFile(place.at("file"), INSTALLER);
    const file = await place.sallyport("check", place.at("file"), "--save", place.at("kept"));
    expectTold(file, 2, /--save goes with an address/);
  });
});

describe("a page of an updater", () => {
  const list = (...names: string[]): string =>
    `version: 1.2.3\nfiles:\n${names.map((name) => `  - url: ${name}\n    sha512: ${SHA512}\n`).join("")}`;

  it("stands for the one download behind it, which is held to the page's hash", async () => {
    answer({ "/latest.yml": list("Demo%20Setup.sh"), "/Demo%20Setup.sh": INSTALLER });
    const run = await check(server.url("/latest.yml"));
    expect(documentOf(run).subject.label).toBe("Demo Setup.sh");
    expect(documentOf(run).evidence).toContainEqual(
      expect.objectContaining({ source: "gate/checks/published-hash", outcome: "pass" }),
    );
    expect(run.stderr).toMatch(/is a list of electron-updater; what is judged is Demo Setup\.sh/);
    answer({ "/latest.yml": list("Demo%20Setup.sh"), "/Demo%20Setup.sh": "#!/bin/sh\necho evil\n" });
    const changed = await check(server.url("/latest.yml"));
    expect(documentOf(changed).evidence).toContainEqual(
      expect.objectContaining({ source: "gate/checks/published-hash", outcome: "fail" }),
    );
  });

  it("with several is told, and nothing is chosen in silence", async () => {
    answer({ "/latest.yml": list("a.sh", "b.sh"), "/b.sh": INSTALLER });
    const run = await place.sallyport("check", server.url("/latest.yml"), NEAR);
    expectTold(run, 2, /names 2 downloads; choose one with --download NAME.*a\.sh \(1\.2\.3\).*b\.sh/s);
    expectTold(
      await place.sallyport("check", server.url("/latest.yml"), NEAR, "--download", "c.sh"),
      2,
      /no download is called c\.sh/,
    );
    expectTold(
      await place.sallyport("check", server.url("/latest.yml"), NEAR, "--download", "1.2.3"),
      2,
      /more than one/,
    );
    expect(documentOf(await check(server.url("/latest.yml"), "--download", "b.sh")).subject.label).toBe(
      "b.sh",
    );
  });

  it("does not lead to a private network either", async () => {
    answer({ "/latest.yml": list("http://10.255.255.1/x.sh") });
    const run = await place.sallyport("check", server.url("/latest.yml"));
    expectTold(run, 1, /loopback/);
  });
});

describe("flags without meaning", () => {
  it.each<[readonly string[], RegExp]>([
    [["--origin", "https://example.org/"], /--origin goes with a file/],
    [["--origin", "not an address"], /--origin goes with a file|is no address/],
  ])("%j are refused for an address", async (flags, message) => {
    expectTold(await place.sallyport("check", server.url("/"), ...flags), 2, message);
  });

  it("are refused for a file", async () => {
    await writeFile(place.at("file"), INSTALLER);
    expectTold(
      await place.sallyport("check", place.at("file"), "--download", "x"),
      2,
      /--download goes with an address/,
    );
    expectTold(
      await place.sallyport("check", place.at("file"), "--origin", "example.org"),
      2,
      /is no address/,
    );
  });
});

it("takes a person's word for where a file came from", async () => {
  await writeFile(place.at("file"), INSTALLER);
  const run = await place.sallyport(
    "check",
    place.at("file"),
    "--origin",
    "https://downloads.example/file",
    "--json",
  );
  expect(originOf(run)).toMatch(/downloads\.example/);
  const trick = await place.sallyport(
    "check",
    place.at("file"),
    "--origin",
    "https://maker.example@evil.example/",
    "--json",
  );
  expect(originOf(trick)).toMatch(/hides: maker\.example@/);
});
