import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { debianPackage, hasApt, NO_APT } from "@sallyport/testkit";
import { pack } from "tar-stream";
import { beforeAll, describe, expect, it } from "vitest";
import { type Files, takeApart, writeTar } from "../package.fixture.ts";

const run = promisify(execFile);
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

let layer: Buffer;
let other: Buffer;
beforeAll(async () => {
  layer = await writeTar({ "app/hello.txt": "hello\n" });
  other = await writeTar({ "app/hello.txt": "hallo\n" });
});

interface Layout {
  readonly files: Record<string, Buffer>;
  readonly packed: Buffer;
  readonly configuration: Buffer;
}

/** An OCI layout with one image of one layer. */
function layout(annotations: object = { "org.opencontainers.image.ref.name": "v1" }): Layout {
  const packed = gzipSync(layer);
  const configuration = json({
    architecture: "arm64",
    os: "linux",
    config: { Labels: { "org.opencontainers.image.vendor": "Example" } },
    rootfs: { type: "layers", diff_ids: [`sha256:${sha256(layer)}`] },
  });
  const describe = (bytes: Buffer, mediaType: string, more = {}) => ({
    mediaType: `application/vnd.oci.image.${mediaType}`,
    digest: `sha256:${sha256(bytes)}`,
    size: bytes.length,
    ...more,
  });
  const image = json({
    schemaVersion: 2,
    config: describe(configuration, "config.v1+json"),
    layers: [describe(packed, "layer.v1.tar+gzip")],
  });
  const blobs = Object.fromEntries(
    [packed, configuration, image].map((one) => [`blobs/sha256/${sha256(one)}`, one]),
  );
  return {
    packed,
    configuration,
    files: {
      "oci-layout": json({ imageLayoutVersion: "1.0.0" }),
      "index.json": json({
        schemaVersion: 2,
        manifests: [describe(image, "manifest.v1+json", { annotations })],
      }),
      ...blobs,
    },
  };
}

/** What `docker save` wrote before there were layouts. */
function saved(change: (list: Record<string, unknown>) => void = () => {}): Files {
  const configuration = json({
    architecture: "amd64",
    rootfs: { type: "layers", diff_ids: [`sha256:${sha256(layer)}`] },
  });
  const name = `${sha256(configuration)}.json`;
  const list = {
    Config: name,
    RepoTags: ["example.com:5000/app:1.2"],
    Layers: [`${"a".repeat(64)}/layer.tar`],
  };
  change(list);
  return { [name]: configuration, [`${"a".repeat(64)}/layer.tar`]: layer, "manifest.json": json([list]) };
}

describe("container images", () => {
  it("of the OCI layout say who they are, and are what their names say", async () => {
    for (const prefix of ["", "./"]) {
      const files = Object.fromEntries(
        Object.entries(layout().files).map(([name, bytes]) => [prefix + name, bytes]),
      );
      const { root, members, problems } = await takeApart(await writeTar(files));
      expect(root).toMatchObject({
        format: "oci-image",
        identity: { version: "v1", company: "Example", architecture: "arm64" },
      });
      expect(members.some(({ path }) => path.endsWith("app/hello.txt"))).toBe(true);
      expect(problems).toEqual([]);
    }
  });

  it("take name and tag from a whole reference", async () => {
    const { files } = layout({ "io.containerd.image.name": "example.com:5000/app:1.2" });
    const { root } = await takeApart(await writeTar(files));
    expect(root.identity).toMatchObject({ product: "example.com:5000/app", version: "1.2" });
  });

  it("as docker saved them say who they are", async () => {
    const { root, problems } = await takeApart(await writeTar(saved()));
    expect(root).toMatchObject({
      format: "docker-image",
      identity: { product: "example.com:5000/app", version: "1.2", architecture: "amd64" },
    });
    expect(problems).toEqual([]);
  });

  it("may name their configuration and layers in the ways of other tools", async () => {
    const [configuration = Buffer.alloc(0)] = Object.entries(saved())
      .filter(([name]) => name.endsWith(".json") && name !== "manifest.json")
      .map(([, bytes]) => Buffer.from(bytes));
    const packed = gzipSync(layer);
    for (const Config of [`sha256:${sha256(configuration)}`, "config.json", "image/config"]) {
      const list = { Config, RepoTags: ["app:1"], Layers: [`${sha256(packed)}.tar.gz`] };
      const files = {
        [Config]: configuration,
        [`${sha256(packed)}.tar.gz`]: packed,
        "manifest.json": json([list]),
      };
      const { root, problems } = await takeApart(await writeTar(files));
      expect(root).toMatchObject({ format: "docker-image", identity: { product: "app", version: "1" } });
      // A colon is no name for a file everywhere; that is another question.
      expect(problems.filter((problem) => !problem.startsWith("member-names"))).toEqual([]);
    }
    const list = { Config: `sha256:${"d".repeat(64)}`, Layers: [] };
    const files = { [list.Config]: configuration, "manifest.json": json([list]) };
    const { problems } = await takeApart(await writeTar(files));
    expect(problems).toContainEqual(expect.stringMatching(/the digest differs/));
  });

  it("hold what Unix systems hold, and nothing that leaves them", async () => {
    const archive = pack();
    archive.entry({ name: "usr/share/man/man3/A::B.3" }, "x");
    archive.entry({ name: "usr/a.h" }, "x");
    archive.entry({ name: "usr/A.h" }, "x");
    archive.entry({ name: "etc/mtab", type: "symlink", linkname: "/proc/mounts" });
    archive.finalize();
    const ordinary = await buffer(archive);
    const image = (one: Buffer): Files => {
      const name = `blobs/sha256/${sha256(one)}`;
      return { "oci-layout": "{}", "index.json": "{}", [name]: one };
    };
    for (const one of [ordinary, gzipSync(ordinary)])
      expect((await takeApart(await writeTar(image(one)))).problems).toEqual([]);
    const climbing = await writeTar({ "../x": "x" });
    expect((await takeApart(await writeTar(image(climbing)))).problems).toContainEqual(
      expect.stringMatching(/^member-names fail .*climbs/),
    );
  });

  it("may be compressed", async () => {
    const { root } = await takeApart(gzipSync(await writeTar(saved())));
    expect(root).toMatchObject({ format: "docker-image", identity: { product: "example.com:5000/app" } });
  });

  it("fail when a blob is not what its name says", async () => {
    const { files, packed } = layout();
    const name = `blobs/sha256/${sha256(packed)}`;
    const { problems } = await takeApart(await writeTar({ ...files, [name]: gzipSync("something else") }));
    expect(problems).toContainEqual(expect.stringMatching(/^structure fail blobs.*the digest differs/));
  });

  it("fail when a size is not the described one", async () => {
    const { files } = layout();
    const index = String(files["index.json"]).replace(/"size":\d+/, '"size":1');
    const { problems } = await takeApart(await writeTar({ ...files, "index.json": index }));
    expect(problems).toEqual([expect.stringMatching(/^structure fail .*size its descriptor says/)]);
  });

  it("are unknown when a layer is not there, unless it says where it is or is another machine's", async () => {
    const { files, packed } = layout();
    const { [`blobs/sha256/${sha256(packed)}`]: _, ...without } = files;
    const { problems } = await takeApart(await writeTar(without));
    expect(problems).toEqual([expect.stringMatching(/^structure unknown : describes sha256:/)]);
    const index = JSON.parse(String(files["index.json"]));
    index.manifests.push({ digest: `sha256:${"b".repeat(64)}`, size: 1, mediaType: "x" });
    expect((await takeApart(await writeTar({ ...files, "index.json": json(index) }))).problems).toEqual([]);
  });

  it.each<[string, () => Files, RegExp]>([
    [
      "more layers than it lists",
      () =>
        saved((list) => {
          list.Layers = [...(list.Layers as string[]), "x"];
        }),
      /lists 2 layers, and its configuration 1/,
    ],
    ["another layer", () => ({ ...saved(), [`${"a".repeat(64)}/layer.tar`]: other }), /not the layer/],
  ])("as docker saved them fail for %s", async (_, make, sentence) => {
    const { problems } = await takeApart(await writeTar(make()));
    expect(problems).toContainEqual(expect.stringMatching(sentence));
  });

  it("as docker saved them are unknown without the configuration they name", async () => {
    const lost = saved((list) => {
      list.Config = `${"c".repeat(64)}.json`;
    });
    const { problems } = await takeApart(await writeTar(lost));
    expect(problems).toEqual([expect.stringMatching(/^structure unknown : names a configuration/)]);
  });

  it.each<[string, Record<string, unknown>]>([
    ["noise", { "index.json": "noise" }],
    ["an index that goes round", { "index.json": '{"manifests":[{"digest":"sha256:x","size":1}]}' }],
    ["a list of numbers", { "index.json": '{"manifests":[1,null,[]]}' }],
    ["a layout without index", { "index.json": "null" }],
  ])("survive %s", async (_, change) => {
    const { root } = await takeApart(await writeTar({ ...layout().files, ...(change as Files) }));
    expect(["tar", "oci-image"]).toContain(root.format);
  });

  it("follow no circle and no chain without end", async () => {
    const files: Record<string, Buffer> = { "oci-layout": json({}) };
    let last = json({ manifests: [] });
    for (let depth = 0; depth < 50; depth += 1) {
      const digest = sha256(last);
      files[`blobs/sha256/${digest}`] = last;
      const mediaType = "application/vnd.oci.image.index.v1+json";
      last = json({ manifests: Array(3).fill({ mediaType, digest: `sha256:${digest}`, size: last.length }) });
    }
    files["index.json"] = last;
    const { problems } = await takeApart(await writeTar(files));
    expect(problems).toEqual([expect.stringMatching(/more than is followed/)]);
  });

  it.skipIf(!hasApt())(`reads what umoci makes${hasApt() ? "" : ` (${NO_APT})`}`, async () => {
    const umoci = join(await debianPackage("umoci"), "usr/bin/umoci");
    const folder = await mkdtemp(join(tmpdir(), "sallyport-umoci-"));
    try {
      await run(umoci, ["init", "--layout", "image"], { cwd: folder });
      await run(umoci, ["new", "--image", "image:v1"], { cwd: folder });
      const label = ["--config.label", "org.opencontainers.image.vendor=Example"];
      await run(umoci, ["config", "--image", "image:v1", ...label], { cwd: folder });
      await run("tar", ["cf", "image.tar", "-C", "image", "."], { cwd: folder });
      const { root, problems } = await takeApart(await readFile(join(folder, "image.tar")));
      expect(root).toMatchObject({ format: "oci-image", identity: { version: "v1", company: "Example" } });
      expect(problems).toEqual([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
