import { describe, expect, it } from "vitest";
import { takeApart, writeTgz } from "../package.fixture.ts";

const CHART =
  "apiVersion: v2\nname: demo\ndescription: a chart\nversion: 1.2.3\nmaintainers:\n  - name: someone\n";

describe("Helm charts", () => {
  it("say who they are, also with charts inside", async () => {
    const files = {
      "demo/Chart.yaml": CHART,
      "demo/charts/other/Chart.yaml": CHART.replace("demo", "other"),
    };
    const { root, problems } = await takeApart(await writeTgz(files));
    expect(root).toMatchObject({ format: "helm-chart", identity: { product: "demo", version: "1.2.3" } });
    expect(problems).toEqual([]);
  });

  it.each([["noise"], ["name: demo\nversion: 1\n"], [""], ["apiVersion: v2\nname: &a demo\nversion: 1\n"]])(
    "are none with %j",
    async (text) => {
      const { root } = await takeApart(await writeTgz({ "demo/Chart.yaml": text }));
      expect(root.identity).toBeUndefined();
    },
  );
});
