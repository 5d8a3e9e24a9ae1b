/** A provider as it is fetched: proofs that nobody linked, and servers that have none of them. */

import { createHash } from "node:crypto";
import type { RequestListener } from "node:http";
import { openFetcher } from "@sallyport/fetch";
import { identityFor, serve, type TestServer } from "@sallyport/testkit";
import { afterEach, beforeEach, expect, it } from "vitest";
import { makePlace, type TestPlace } from "../../sync/place.fixture.ts";
import { sync } from "../../sync/sync.ts";
import { csaf } from "./index.ts";
import { advisory, metadata } from "./sample.fixture.ts";

const text = JSON.stringify(advisory);
const sha256 = createHash("sha256").update(text).digest("hex");
const identity = identityFor("127.0.0.1");

let server: TestServer;
let place: TestPlace;
let answers: Record<string, string | RequestListener>;
beforeEach(async () => {
  place = await makePlace([csaf]);
  server = await serve((request, response) => {
    const answer = answers[request.url ?? ""];
    if (typeof answer === "function") answer(request, response);
    else if (answer === undefined) response.writeHead(404).end();
    else response.end(answer);
  }, identity);
  const feeds = [{ tlp_label: "WHITE", url: server.url("/feed.json") }];
  answers = {
    "/provider-metadata.json": JSON.stringify({
      ...metadata,
      role: "csaf_trusted_provider",
      distributions: [{ rolie: { feeds } }],
    }),
    "/feed.json": JSON.stringify({ feed: { entry: [{ content: { src: server.url("/es-1.json") } }] } }),
    "/es-1.json": text,
  };
});
afterEach(async () => {
  place.close();
  await server.close();
});

async function run() {
  const fetcher = openFetcher({
    userAgent: "test",
    allowPrivateNetwork: true,
    authorities: [identity.authority],
    limits: { tries: 1 },
  });
  const [synced] = await sync({ wanted: [`csaf=${server.url("/provider-metadata.json")}`], fetcher }, place);
  fetcher.close();
  return synced;
}

it("takes no news from proofs that are not there, however the server says so", async () => {
  const forbidden: RequestListener = (_request, response) => void response.writeHead(403).end();
  const page: RequestListener = (_request, response) =>
    void response.writeHead(200, { "content-type": "text/html" }).end("<p>not here");
  answers = { ...answers, "/es-1.json.asc": forbidden, "/es-1.json.sha512": page };
  answers["/es-1.json.sha256"] = sha256;
  expect(await run()).toMatchObject({
    outcome: "loaded",
    skipped: [],
    snapshot: { skipped: 0 },
    told: [expect.stringMatching(/^1 document is without a signature/)],
  });
  const asked = server.requests.map(({ path }) => path);
  expect(asked).toContain("/es-1.json.sha256");
  expect(asked.filter((path) => path === "/es-1.json.asc")).toHaveLength(1);
});

it("keeps what was known when the only document does not fit its hash, and says why", async () => {
  expect(await run()).toMatchObject({ outcome: "loaded" });
  answers["/es-1.json.sha256"] = "0".repeat(64);
  expect(await run()).toMatchObject({ outcome: "failed", problem: expect.stringMatching(/that counts/) });
  expect(place.base.snapshots()).toMatchObject([{ source: "csaf", rows: 3 }]);
});

it("is not fetched by half when a server is broken or wants to be asked less", async () => {
  for (const status of [429, 500]) {
    answers["/es-1.json.asc"] = (_request, response) => void response.writeHead(status).end();
    expect(await run()).toMatchObject({ outcome: "failed" });
  }
});

it("tells of a signature that its feed links and that is gone", async () => {
  const link = [{ rel: "signature", href: server.url("/es-1.json.asc") }];
  answers["/feed.json"] = JSON.stringify({
    feed: { entry: [{ content: { src: server.url("/es-1.json") }, link }] },
  });
  expect(await run()).toMatchObject({
    outcome: "loaded",
    skipped: [{ file: expect.stringMatching(/es-1\.json\.asc$/) }],
  });
});
