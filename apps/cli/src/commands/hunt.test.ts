import { hash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openHome } from "../home.ts";
import { run } from "../program.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hunt-"));
  await writeFile(join(folder, "tool"), "tool, unsigned");
  await writeFile(join(folder, "other"), "another tool, unsigned");
  await writeFile(join(folder, "known.txt"), `${hash("sha256", "tool, unsigned")}\n`);
});
afterEach(() => rm(folder, { recursive: true }));

async function sallyport(...args: string[]): Promise<{ code: number; out: string; error: string }> {
  const said = { out: "", error: "" };
  const code = await run(args, {
    out: (text) => {
      said.out += text;
    },
    error: (text) => {
      said.error += text;
    },
    isInteractive: false,
    hasColour: false,
    columns: 80,
    program: "sallyport",
    home: join(folder, "home"),
  });
  return { code, ...said };
}

const bring = () => sallyport("intel", "import", join(folder, "known.txt"), "--source", "indicator-lists");
const hunt = async (...args: string[]) => {
  const { code, out } = await sallyport("hunt", "--json", ...args);
  return { code, document: JSON.parse(out) };
};

it("has nothing to ask where nothing was judged", async () => {
  expect(await hunt()).toMatchObject({ code: 0, document: { schema: "sallyport.hunt/1", decisions: 0 } });
});

it("records what became worse when a list is brought, with the decision it supersedes", async () => {
  await sallyport("check", join(folder, "tool"), join(folder, "other"));
  const before = JSON.parse((await sallyport("check", "--json", join(folder, "tool"))).out);
  const brought = await bring();
  expect(brought.out).toContain("HOLD → REFUSE  tool");
  expect(brought.out).not.toContain("REFUSE  other");
  const after = await hunt();
  expect(after).toMatchObject({ code: 0, document: { decisions: 2, same: 2, recorded: [] } });
  expect(before.verdict).toBe("hold");
});

it("ends with the verdict that something has now", async () => {
  await sallyport("check", join(folder, "tool"));
  const policies = join(folder, "policies");
  await mkdir(policies);
  await writeFile(
    join(policies, "none.cedar"),
    '@id("no-tools") @verdict("refuse") @because("no unsigned tools here") forbid (principal, action, resource) when { context.checks["signature"].outcome == "fail" };',
  );
  const found = await hunt("--policy", policies);
  expect(found).toMatchObject({
    code: 20,
    document: {
      recorded: [
        { change: "worse", before: "hold", verdict: "refuse", reasons: [{ policy: "no-tools" }, {}] },
      ],
    },
  });
  // Asked without them, nothing is better: they are missing.
  expect(await hunt()).toMatchObject({
    code: 0,
    document: {
      recorded: [],
      proposed: [],
      byPolicy: [{ change: "better" }],
      withoutTheirPolicies: { decisions: 1, policies: ["no-tools"] },
    },
  });
});

describe("a decision that rests on the organisation's own policies", () => {
  let policies = "";
  beforeEach(async () => {
    policies = join(folder, "ours");
    await mkdir(policies);
    await writeFile(
      join(policies, "ours.cedar"),
      '@id("our-tools") @because("our tools are not signed") permit (principal, action, resource) when { context.checks["opened"].outcome == "pass" };',
    );
    const flags = ["--policy", policies, "--without-default", "unsigned"];
    expect((await sallyport("check", ...flags, join(folder, "tool"))).code).toBe(0);
  });

  it("is not made worse by a hunt that lacks them, which says so", async () => {
    const { code, out } = await sallyport("hunt");
    expect(code).toBe(0);
    const told = out.replaceAll(/\s+/g, " ");
    expect(told).toContain("only because today's policies are not those of then. Nothing is recorded");
    expect(told).toContain("1 decision was made with policies of yours that were not given now (our-tools)");
    expect(told).toContain("hunt --policy FOLDER");
    expect((await hunt()).document).toMatchObject({
      counts: { recorded: 0, proposed: 0, byPolicy: 1 },
      byPolicy: [{ before: "admit", verdict: "hold" }],
    });
    expect((await hunt("--policy", policies)).document).toMatchObject({
      same: 1,
      byPolicy: [],
      withoutTheirPolicies: { decisions: 0, policies: [] },
    });
  });

  it("becomes worse by a new fact all the same, also where they are missing", async () => {
    const brought = await bring();
    expect(brought.out).toContain("ADMIT → REFUSE  tool");
  });

  it("is not made worse either where an older version did not write them down", async () => {
    const home = await openHome(join(folder, "home"));
    const [entry] = home.ledger.list();
    const decision = home.ledger.decision(entry?.decisionDigest ?? "");
    if (decision === undefined) throw new Error("nothing was recorded");
    const { addedPolicies, ...replay } = decision.replay;
    expect(addedPolicies).toEqual(["our-tools"]);
    await home.ledger.record({ ...decision, replay });
    await home.close();
    expect((await hunt()).document).toMatchObject({ recorded: [], counts: { byPolicy: 1 } });
  });
});

it("does not record after an import what only other policies would say", async () => {
  await sallyport("check", join(folder, "other"), "--without-default", "unsigned");
  expect((await hunt()).document).toMatchObject({ same: 1 });
  await bring();
  expect((await hunt()).document).toMatchObject({ same: 1, recorded: [], byPolicy: [] });
});

it("asks decisions that were made without a default which is no more", async () => {
  await sallyport("check", join(folder, "tool"));
  const home = await openHome(join(folder, "home"));
  const [entry] = home.ledger.list();
  const decision = home.ledger.decision(entry?.decisionDigest ?? "");
  if (decision === undefined) throw new Error("nothing was recorded");
  await home.ledger.record({ ...decision, replay: { ...decision.replay, withoutDefaults: ["gone-by-now"] } });
  await home.close();
  expect(await hunt()).toMatchObject({ code: 0, document: { decisions: 1, replaced: 1, same: 1 } });
});
