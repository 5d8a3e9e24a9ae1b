/** The packages, how each is fetched, and who else lists what is in it. @module */

import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageUrl } from "../../packages/gate/src/components/package-url.ts";

export interface Case {
  readonly name: string;
  /** Of the package URLs that are compared. */
  readonly type: string;
  readonly enumeratedBy: string;
  /** @throws Error when a program is missing or a package cannot be had */
  prepare(folder: string): { readonly artifact: string; readonly expected: readonly string[] };
}

const NPM = [
  "express",
  "webpack",
  "eslint",
  "jest",
  "mocha",
  "gulp",
  "@angular/cli",
  "karma",
  "socket.io",
  "npm",
];
const PIP = ["requests", "flask", "django", "boto3", "fastapi", "ansible-core", "sphinx"];
/** Programs in packages of npm that were built with Go's modules. */
const GO = ["lefthook-linux-x64", "@bufbuild/buf-linux-x64"];
const JARS = ["google-closure-compiler-java", "vnu-jar", "allure-commandline"];
const MOST_OUTPUT_BYTES = 256 * 1024 * 1024;

export const cases: readonly Case[] = [
  ...NPM.map(npmCase),
  ...PIP.map(pipCase),
  dpkgCase(),
  ...GO.map(goCase),
  ...JARS.map(jarCase),
];

const run = (folder: string, command: string, ...args: readonly string[]): string =>
  execFileSync(command, args, {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: MOST_OUTPUT_BYTES,
    stdio: ["ignore", "pipe", "ignore"],
  });

function pack(folder: string, ...names: readonly string[]): string {
  run(folder, "tar", "-cf", "package.tar", ...names);
  return join(folder, "package.tar");
}

interface NpmTree {
  readonly version?: string;
  /** The package's own, also where it stands under another; with `--long`. */
  readonly name?: string;
  readonly dependencies?: Readonly<Record<string, NpmTree>>;
}

function npmCase(name: string): Case {
  return {
    name: `npm ${name}`,
    type: "npm",
    enumeratedBy: "`npm ls --all --json`",
    prepare(folder) {
      writeFileSync(join(folder, "package.json"), "{}");
      run(folder, "npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save", name);
      const tree: NpmTree = JSON.parse(runDespite(folder, "npm", "ls", "--all", "--long", "--json"));
      return { artifact: pack(folder, "node_modules"), expected: namesIn(tree) };
    },
  };
}

/** `npm ls` fails when it finds something that nobody asked for, and lists it all the same. */
function runDespite(folder: string, command: string, ...args: readonly string[]): string {
  try {
    return run(folder, command, ...args);
  } catch (error) {
    if (error instanceof Error && "stdout" in error && typeof error.stdout === "string") return error.stdout;
    throw error;
  }
}

function namesIn({ dependencies = {} }: NpmTree): string[] {
  return Object.entries(dependencies).flatMap(([key, tree]) => {
    const whole = tree.name ?? key;
    const [namespace, name] = whole.startsWith("@") ? whole.split("/") : ["", whole];
    const own = { type: "npm", namespace: namespace ?? "", name: name ?? "" };
    return [...(tree.version ? [packageUrl({ ...own, version: tree.version })] : []), ...namesIn(tree)];
  });
}

function pipCase(name: string): Case {
  return {
    name: `pip ${name}`,
    type: "pypi",
    enumeratedBy: "`pip inspect`",
    prepare(folder) {
      run(folder, "python3", "-m", "pip", "install", "--quiet", "--target", "site", name);
      const report: { installed: { metadata: { name: string; version: string } }[] } = JSON.parse(
        run(folder, "python3", "-m", "pip", "inspect", "--path", "site"),
      );
      const expected = report.installed.map(({ metadata }) =>
        packageUrl({
          type: "pypi",
          name: metadata.name.toLowerCase().replaceAll(/[-_.]+/g, "-"),
          version: metadata.version,
        }),
      );
      return { artifact: pack(folder, "site"), expected };
    },
  };
}

/** The database of the machine this runs on. */
function dpkgCase(): Case {
  return {
    name: "dpkg of this machine",
    type: "deb",
    enumeratedBy: "`dpkg-query`",
    prepare(folder) {
      const list = run(
        folder,
        "dpkg-query",
        "-W",
        "-f",
        "$" + "{db:Status-Status} $" + "{Package} $" + "{Version}\\n",
      );
      const namespace = /^ID=(\S+)/m.exec(run(folder, "cat", "/etc/os-release"))?.[1] ?? "";
      const expected = list
        .split("\n")
        .map((line) => line.split(" "))
        .filter(([status]) => status === "installed")
        .map(([, name = "", version = ""]) => packageUrl({ type: "deb", namespace, name, version }));
      run(folder, "tar", "-chf", "package.tar", "-C", "/", "var/lib/dpkg/status", "etc/os-release");
      return { artifact: join(folder, "package.tar"), expected };
    },
  };
}

function unpackNpm(folder: string, name: string): string {
  const file = run(folder, "npm", "pack", "--silent", name).trim().split("\n").at(-1) ?? "";
  mkdirSync(join(folder, "unpacked"));
  run(folder, "tar", "-xzf", file, "-C", "unpacked");
  return join(folder, file);
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

function goCase(name: string): Case {
  return {
    name: `Go ${name}`,
    type: "golang",
    enumeratedBy: "`go version -m`",
    prepare(folder) {
      const artifact = unpackNpm(folder, name);
      const list = run(folder, process.env.GO ?? "go", "version", "-m", "unpacked");
      return { artifact, expected: goModules(list) };
    },
  };
}

function goModules(list: string): string[] {
  const modules: string[] = [];
  for (const line of list.split("\n")) {
    const [first = "", kind, path = "", version = ""] = line.split("\t");
    const toolchain = /: go(\d\S*)$/.exec(first)?.[1];
    if (toolchain !== undefined)
      modules.push(packageUrl({ type: "golang", name: "stdlib", version: toolchain }));
    if (kind === "=>") modules.pop();
    if (kind !== "dep" && kind !== "mod" && kind !== "=>") continue;
    const slash = path.lastIndexOf("/");
    modules.push(
      packageUrl({
        type: "golang",
        namespace: path.slice(0, Math.max(0, slash)),
        name: path.slice(slash + 1),
        version: version === "(devel)" ? "" : version,
      }),
    );
  }
  return modules;
}

/** What Maven left in archives, unpacked by the JDK's own tool. */
function jarCase(name: string): Case {
  return {
    name: `jar ${name}`,
    type: "maven",
    enumeratedBy: "the JDK's `jar`, `pom.properties`",
    prepare(folder) {
      const artifact = unpackNpm(folder, name);
      const expected = filesIn(join(folder, "unpacked"))
        .filter((file) => file.endsWith(".jar"))
        .flatMap((file, index) => coordinatesIn(folder, file, `jar-${index}`));
      return { artifact, expected };
    },
  };
}

function coordinatesIn(folder: string, file: string, target: string): string[] {
  const there = join(folder, target);
  mkdirSync(there);
  run(there, "jar", "xf", file);
  return filesIn(there)
    .filter((path) => path.endsWith("/pom.properties"))
    .map((path) => {
      const text = run(there, "cat", path);
      const [namespace = "", name = "", version = ""] = ["groupId", "artifactId", "version"].map(
        (key) => new RegExp(`^${key}=(.*)$`, "m").exec(text)?.[1]?.trim() ?? "",
      );
      return packageUrl({ type: "maven", namespace, name, version });
    });
}
