/** What the world knows, as a person brings it here: fetched, brought, handed on, entered, looked up. */

import { readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { serve, type TestServer } from "@sallyport/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makePlace, type Place, type Run } from "./sallyport-process.ts";

let place: Place;
let server: TestServer;
let answering: RequestListener;
beforeEach(async () => {
  place = await makePlace();
  server = await serve((request, response) => answering(request, response));
});
afterEach(async () => {
  await server.close();
  await place.remove();
});

const PERSON = ["--owner", "Head of IT", "--reason", "told by the maker"];
const NEAR = "--allow-private-network";

/** A catalogue of one, as CISA publishes it. */
const catalogue = (date: string, product = "Example Pad"): string =>
  JSON.stringify({
    title: "CISA Catalog of Known Exploited Vulnerabilities",
    catalogVersion: date.slice(0, 10).replaceAll("-", "."),
    dateReleased: date,
    count: 1,
    vulnerabilities: [
      {
        cveID: "CVE-2026-11111",
        vendorProject: "Example Software",
        product,
        vulnerabilityName: `${product} Remote Code Execution Vulnerability`,
        dateAdded: date.slice(0, 10),
        shortDescription: "It can be made to run code.",
        requiredAction: "Apply updates.",
        dueDate: "2026-12-24",
        knownRansomwareCampaignUse: "Unknown",
        notes: "",
        cwes: ["CWE-94"],
      },
    ],
  });

const kevAt = (path: string): string => `kev=${server.url(path)}`;
const answer = (body: string, headers = {}): void => {
  answering = (_request, response) => void response.writeHead(200, headers).end(body);
};

interface Status {
  readonly sources: readonly {
    readonly id: string;
    readonly snapshots: readonly { readonly asOf: string; readonly rows: number }[];
    readonly tries: Readonly<Record<string, { readonly problem?: string }>>;
  }[];
}

async function statusOf(id: string) {
  const { stdout } = await place.sallyport("intel", "status", "--json");
  return (JSON.parse(stdout) as Status).sources.find((source) => source.id === id);
}

function expectTold({ code, stdout, stderr }: Run, exitCode: number, tells: RegExp): void {
  expect(stderr).toMatch(tells);
  expect(stderr).not.toMatch(/\n\s+at |node:internal/);
  expect(stdout).toBe("");
  expect(code).toBe(exitCode);
}

describe("intel sync", () => {
  it("fetches, asks conditionally the next time, and tells how old things are", async () => {
    answering = (request, response) => {
      const isKnown = request.headers["if-none-match"] === '"1"';
      response
        .writeHead(isKnown ? 304 : 200, { etag: '"1"' })
        .end(isKnown ? undefined : catalogue("2026-11-20T10:00:00.000Z"));
    };
    const first = await place.sallyport("intel", "sync", kevAt("/kev.json"), NEAR);
    expect(first).toMatchObject({
      code: 0,
      stderr: "",
      stdout: expect.stringMatching(/^kev: 1 fact, of 2026-11-20/),
    });
    const second = await place.sallyport("intel", "sync", "kev", NEAR, "--json");
    expect(JSON.parse(second.stdout)).toMatchObject({
      schema: "sallyport.intel-sync/1",
      synced: [
        { source: "kev", part: "", outcome: "unchanged", snapshot: expect.stringMatching(/^kev@2026-11-20/) },
      ],
    });
    expect(await statusOf("kev")).toMatchObject({
      snapshots: [{ asOf: "2026-11-20T10:00:00.000Z", rows: 1 }],
    });
    expect(server.requests).toHaveLength(2);
  });

  it("keeps what was known when the next file is broken, older, or a trap", async () => {
    answer(catalogue("2026-11-20T10:00:00.000Z"));
    await place.sallyport("intel", "sync", kevAt("/kev.json"), NEAR);
    const traps: readonly [RequestListener, RegExp][] = [
      [
        (_request, response) => void response.end(catalogue("2026-11-21T10:00:00.000Z").slice(0, 300)),
        /kev\.json|known_exploited/,
      ],
      [(_request, response) => void response.end(catalogue("2026-10-01T10:00:00.000Z")), /older/],
      [(_request, response) => void response.writeHead(404).end(), /HTTP 404/],
    ];
    for (const [trap, message] of traps) {
      answering = trap;
      const { code, stderr, stdout } = await place.sallyport("intel", "sync", "kev", NEAR);
      expect(stderr.replaceAll(/\s+/g, " ")).toMatch(message);
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    }
    expect(await statusOf("kev")).toMatchObject({
      snapshots: [{ asOf: "2026-11-20T10:00:00.000Z" }],
      tries: { "": { problem: expect.stringMatching(/HTTP 404/) } },
    });
  });

  it("fetches from nowhere near, unless somebody says so", async () => {
    answer(catalogue("2026-11-20T10:00:00.000Z"));
    const { code, stderr } = await place.sallyport("intel", "sync", kevAt("/kev.json"));
    expect(stderr.replaceAll(/\s+/g, " ")).toMatch(/over http only.*--allow-private-network/);
    expect(code).toBe(1);
    expect(server.requests).toEqual([]);
  });

  it("by two at once is as good as by one", async () => {
    answering = (_request, response) =>
      void setTimeout(() => response.end(catalogue("2026-11-20T10:00:00.000Z")), 300);
    const runs = await Promise.all(
      [1, 2].map(() => place.sallyport("intel", "sync", kevAt("/kev.json"), NEAR, "--json")),
    );
    const outcomes = runs.map(({ stdout }) => JSON.parse(stdout).synced[0].outcome);
    expect(outcomes.sort()).toEqual(["loaded", "unchanged"]);
    expect(await statusOf("kev")).toMatchObject({ snapshots: [{ rows: 1 }] });
  });

  it("that is killed in the middle leaves nothing half done, and the next one goes on", async () => {
    answer(catalogue("2026-11-20T10:00:00.000Z"));
    await place.sallyport("intel", "sync", kevAt("/kev.json"), NEAR);
    let pid = 0;
    answering = (_request, response) => {
      response.writeHead(200, { etag: '"2"' });
      response.write("{", () => setTimeout(() => process.kill(pid, "SIGKILL"), 100));
    };
    const killed = await place.sallyportWith(
      { onStart: (started) => (pid = started) },
      "intel",
      "sync",
      "kev",
      NEAR,
    );
    expect(killed.code).toBeNull();
    expect(await statusOf("kev")).toMatchObject({ snapshots: [{ asOf: "2026-11-20T10:00:00.000Z" }] });
    answer(catalogue("2026-11-22T10:00:00.000Z"));
    expect(await place.sallyport("intel", "sync", "kev", NEAR)).toMatchObject({ code: 0 });
    expect(await statusOf("kev")).toMatchObject({ snapshots: [{ asOf: "2026-11-22T10:00:00.000Z" }] });
  });

  it("says what is wrong with a name", async () => {
    expectTold(
      await place.sallyport("intel", "sync", "nobody"),
      2,
      /nobody: no source has this name; expected one of kev/,
    );
    expectTold(await place.sallyport("intel", "sync", "osv"), 2, /name an ecosystem, for example osv=npm/);
    expectTold(await place.sallyport("intel", "sync", "kev=there"), 2, /expected an address/);
  });
});

describe("intel import and export", () => {
  it("hand everything to a machine without a network, under a seal", async () => {
    const file = place.at("known_exploited_vulnerabilities.json");
    await writeFile(file, catalogue("2026-11-20T10:00:00.000Z"));
    expect((await place.sallyport("intel", "import", file)).code).toBe(0);
    const bundle = place.at("bundle");
    expect((await place.sallyport("intel", "export", bundle)).code).toBe(0);
    const { stdout: key } = await place.sallyport("receipt", "key");
    await writeFile(place.at("key"), key);
    const other = await makePlace();
    try {
      expectTold(await other.sallyport("intel", "import", bundle), 2, /needs --key/);
      await writeFile(other.at("wrong"), (await other.sallyport("receipt", "key")).stdout);
      expectTold(
        await other.sallyport("intel", "import", bundle, "--key", other.at("wrong")),
        2,
        /not sealed with a key/,
      );
      const taken = await other.sallyport("intel", "import", bundle, "--key", place.at("key"), "--json");
      expect(JSON.parse(taken.stdout)).toMatchObject({
        parts: [{ source: "kev", outcome: "loaded", rows: 1 }],
      });
      const bytes = await readFile(bundle);
      const at = bytes.indexOf("CVE-2026-11111");
      bytes.write("CVE-2026-22222", at);
      await writeFile(bundle, bytes);
      expectTold(
        await other.sallyport("intel", "import", bundle, "--key", place.at("key")),
        1,
        /other bytes/,
      );
    } finally {
      await other.remove();
    }
  });

  it("tell what they cannot read, and change nothing", async () => {
    const file = place.at("x.bin");
    await writeFile(file, "what is this");
    expectTold(
      await place.sallyport("intel", "import", file),
      2,
      /no source knows files like it; name one with --source/,
    );
    expectTold(await place.sallyport("intel", "import", file, "--source", "kev"), 1, /x\.bin/);
    expectTold(await place.sallyport("intel", "import", place.at("missing")), 2, /does not exist/);
    expectTold(await place.sallyport("intel", "import", file, "--key", file), 2, /goes with a bundle/);
    expectTold(await place.sallyport("intel", "export", place.at("bundle")), 2, /nothing to hand on/);
    expectTold(await place.sallyport("intel", "export", place.at("no/such")), 2, /does not exist/);
    expect((await statusOf("kev"))?.snapshots).toEqual([]);
  });
});

describe("what the organisation enters", () => {
  it("is found, listed, recorded and taken back", async () => {
    const added = await place.sallyport(
      "intel",
      "add",
      "retirement",
      "Example Pad",
      "--vendor",
      "Example Software",
      "--retired-on",
      "2024-01-31",
      ...PERSON,
      "--json",
    );
    const { id } = JSON.parse(added.stdout).entry;
    const found = await place.sallyport("intel", "lookup", "Example Pad");
    expect(found.stdout).toMatch(/Example Pad: retired on 2024-01-31/);
    expect((await place.sallyport("intel", "entries")).stdout).toMatch(/Head of IT on .*: told by the maker/);
    expect(await place.sallyport("intel", "remove", id, ...PERSON)).toMatchObject({ code: 0 });
    expect((await place.sallyport("intel", "lookup", "Example Pad")).stdout).toMatch(
      /nothing is known of it here/,
    );
    expect((await place.sallyport("intel", "entries", "--json")).stdout).toMatch(
      /"because": "told by the maker"/,
    );
  });

  it("may name several domains of a supplier", async () => {
    const domains = ["--domain", "one.example", "--domain", "two.example"];
    const added = await place.sallyport(
      "intel",
      "add",
      "supplier",
      "Example Software",
      ...domains,
      ...PERSON,
    );
    expect(added).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/publishes from one\.example, two\.example/),
    });
  });

  it("tells by its form what an indicator is", async () => {
    for (const [value, shown] of [
      ["8117E40E".repeat(8), /: sha256 8117e40e/],
      ["hxxps://bad[.]example/x", /: url https:\/\/bad\.example\/x/],
      ["bad[.]example", /: domain bad\.example/],
    ] as const) {
      const added = await place.sallyport("intel", "add", "indicator", value, "--title", "Seen", ...PERSON);
      expect(added).toMatchObject({ code: 0, stdout: expect.stringMatching(shown) });
    }
  });

  it.each<[readonly string[], RegExp]>([
    [["retirement", "Pad", "--retired-on", "2024-01-31", ...PERSON], /name its vendor/],
    [["retirement", "Pad", "--vendor", "x", ...PERSON], /since when/],
    [["retirement", "Pad", "--vendor", "x", "--retired-on", "soon", ...PERSON], /is no day/],
    [
      ["retirement", "Pad", "--identifier", "x:y", "--retired-on", "2024-01-31", ...PERSON],
      /expected one of purl/,
    ],
    [["supplier", "Example", "--domain", "downloads.example"], /--owner NAME and --reason TEXT/],
    [["supplier", "Example", "--cooling-off-days", "-1", ...PERSON], /whole number/],
    [["indicator", "zz", "--kind", "sha256", "--title", "x", ...PERSON], /zz/],
    [["indicator", "zz", "--kind", "smell", "--title", "x", ...PERSON], /expected one of sha256/],
    [["indicator", "bad thing", "--title", "x", ...PERSON], /bad thing: its form does not tell/],
    [["key", "/nowhere", "--name", "x", ...PERSON], /does not exist/],
  ])("is refused when it says too little: %j", async (args, message) => {
    expectTold(await place.sallyport("intel", "add", ...args), 2, message);
  });
});

it("knows its own data sets and nothing else on a machine without a network, and says so", async () => {
  const { stdout, code } = await place.sallyport("intel", "status");
  expect(code).toBe(0);
  expect(stdout).toMatch(/retirements +fresh/);
  expect(stdout).toMatch(/not here, so what they know is not known:\nkev /);
  expectTold(await place.sallyport("intel", "forget", "kev"), 2, /nothing of it is here/);
});

it("leaves its files to their owner alone", async () => {
  const file = place.at("known_exploited_vulnerabilities.json");
  await writeFile(file, catalogue("2026-11-20T10:00:00.000Z"));
  await place.sallyport("intel", "import", file);
  const { readdirSync, statSync } = await import("node:fs");
  const names = readdirSync(place.home, { recursive: true })
    .map(String)
    .filter((name) => name.startsWith("intel"));
  const open = names.filter((name) => (statSync(`${place.home}/${name}`).mode & 0o077) !== 0);
  expect(process.platform === "win32" ? [] : open).toEqual([]);
  expect(readFileSync(`${place.home}/intel/sources/kev.json`, "utf8")).toContain("sallyport.intel-tries/1");
});
