/**
 * What no ordinary program has a reason to do, whatever stands beside it. Sources: MITRE ATT&CK T1059, T1027.010,
 * T1105, T1218, T1562.001, T1485; the GTFOBins and LOLBAS catalogues for the commands that fetch and run at once.
 * @module
 */

import { DISGUISED, RUNS_WRITTEN } from "./disguised.ts";
import {
  ECMASCRIPT,
  PERL_PHP,
  POWERSHELL,
  PYTHON,
  RUBY,
  RUN_NEAR,
  SHELL,
  type Sign,
  VBSCRIPT,
} from "./sign.ts";
import { SPELLED_OUT } from "./spelled-out.ts";

const FETCH_AND_RUN =
  /\b(?:curl|wget)\b[^\n|"'`]{0,300}\|[ \t]{0,4}(?:sudo[ \t]{1,4})?(?:(?:\/usr)?\/bin\/)?(?:(?:ba|z|da|k)?sh|python3?|node|perl|ruby)\b|\b(?:ba|z|da)?sh[ \t]{1,4}(?:-c[ \t]{1,4})?["']?[$<]\([ \t]{0,4}(?:curl|wget)[ \t]|\beval[ \t]{1,4}["']?\$\([ \t]{0,4}(?:curl|wget)[ \t]|\b(?:source|\.)[ \t]{1,4}<\([ \t]{0,4}(?:curl|wget)[ \t]/g;
const FETCH_AND_RUN_ON_WINDOWS =
  /\b(?:iwr|irm|invoke-webrequest|invoke-restmethod|downloadstring)\b[^\n|]{0,300}\|[ \t]{0,4}(?:iex|invoke-expression)\b|\b(?:iex|invoke-expression)\b[^\n]{0,80}\b(?:downloadstring|iwr|irm|invoke-webrequest|invoke-restmethod)\b|\bmshta(?:\.exe)?[ \t]{1,4}["']?(?:https?:|javascript:|vbscript:)|\bregsvr32(?:\.exe)?[^\n]{0,60}\/i:["']?https?:|\brundll32(?:\.exe)?[ \t]{1,4}["']?javascript:|\bcertutil(?:\.exe)?[^\n]{0,60}-urlcache[^\n]{0,60}https?:|\bmsiexec(?:\.exe)?[^\n]{0,40}[ \t]\/i[ \t]{1,4}["']?https?:/g;

const FETCH_NEEDLES = ["curl", "wget"];
const WINDOWS_NEEDLES = ["iex", "invoke-expression", "mshta", "regsvr32", "rundll32", "certutil", "msiexec"];

export const ALONE: readonly Sign[] = [
  DISGUISED,
  RUNS_WRITTEN,
  {
    id: "fetch-and-run",
    does: "runs what it gets from the network, in one command",
    looks: [
      { languages: SHELL, needles: FETCH_NEEDLES, pattern: FETCH_AND_RUN },
      { needles: FETCH_NEEDLES, pattern: FETCH_AND_RUN, near: RUN_NEAR },
      { languages: ["powershell", "batch"], needles: WINDOWS_NEEDLES, pattern: FETCH_AND_RUN_ON_WINDOWS },
      { needles: WINDOWS_NEEDLES, pattern: FETCH_AND_RUN_ON_WINDOWS, near: RUN_NEAR },
      {
        languages: ["ruby", "perl", "php"],
        needles: ["eval"],
        pattern:
          /\beval[ \t(]{1,4}[^\n]{0,60}(?:\bnet::http\b|\buri\.open\(|\bopen\(["']https?:|\bfile_get_contents\(["']https?:|\blwp::)/g,
      },
      {
        languages: PYTHON,
        needles: ["exec("],
        pattern: /(?:^|[^\w.])exec\([^\n]{0,120}\b(?:requests\.get|urlopen|httpx\.get)\(/gm,
      },
    ],
  },
  {
    id: "runs-answer",
    does: "runs what a server answers as code",
    looks: [
      {
        languages: ECMASCRIPT,
        needles: ["eval(", "eval)(", "function(", "runinthiscontext(", "_compile("],
        pattern:
          /(?:[^\w$.]eval|new function(?:\.constructor)?|\.runinthiscontext|\._compile)\([^()\n]{0,60}(?:\.data\b|\.body\b|\.cookie\b|\.model\b|\.content\b|\.responsetext\b|\.text\(\)|\bawait )/g,
        near: /\baxios\b|\bfetch\(|\.get\(|\.request\(|\bxmlhttprequest\b|\.post\(/,
      },
      {
        languages: ECMASCRIPT,
        needles: ["eval(", "eval)(", "function(", "runinthiscontext(", "_compile("],
        pattern:
          /\b([\w$]{1,40})=(?:await )?[\w$.()]{1,60}?(?:\.text\(\)|\.data\b|\.body\b|\.responsetext\b)[^\0]{0,300}?(?:\beval\)?|\bnew function|\.runinthiscontext|\._compile)\((?:"[^"\n]{0,40}",){0,4}\1[,)]/g,
        near: /\baxios\b|\bfetch\(|\.get\(|\.request\(|\bxmlhttprequest\b/,
      },
    ],
  },
  {
    id: "goes-around",
    does: "starts programs behind the back of the modules that do that",
    looks: [
      {
        languages: ECMASCRIPT,
        needles: ["process.binding("],
        pattern: /\bprocess\.binding\(["'`](?:spawn_sync|process_wrap)/g,
      },
    ],
  },
  {
    id: "encoded-command",
    does: "runs an encoded command",
    looks: [
      ...SPELLED_OUT,
      {
        needles: ["powershell", "pwsh"],
        pattern:
          /\b(?:powershell|pwsh)(?:\.exe)?\b[^\n]{0,200}[ \t"',]-e(?:nc|ncodedcommand|c)?[ \t"',]{1,5}[a-z0-9+/=]{32}/g,
      },
      {
        languages: SHELL,
        needles: ["xz ", "gzip ", "gunzip", "zcat", "openssl ", "xxd ", "rev", "tr "],
        pattern:
          /\|[ \t]{0,4}(?:xz|gzip|bzip2|gunzip|zcat|openssl|xxd|rev|tr)\b[^\n|;]{0,80}\|[ \t]{0,4}(?:\/bin\/)?(?:ba|da)?sh\b(?![\w./-])/g,
      },
      {
        needles: ["base64"],
        pattern:
          /\bbase64[ \t]{1,4}(?:-d|--decode)\b[^\n|]{0,60}\|[ \t]{0,4}(?:[\w-]{1,12}[ \t]{1,4}){0,2}(?:\/bin\/)?(?:(?:ba|z|da)?sh|python3?|perl|node)\b|\bbase64[ \t]{1,4}(?:-d|--decode)\b[^\n>|]{0,20}>[^\n]{0,60}(?:&&|;)[ \t]{0,4}(?:ba|z|da)?sh[ \t]|\b(?:eval|sh -c)[ \t]{1,4}["']?\$\([^()\n]{0,400}\|[ \t]{0,4}base64[ \t]{1,4}(?:-d|--decode)/g,
      },
      {
        languages: PYTHON,
        needles: ["exec(", "eval("],
        pattern:
          /(?:^|[^\w.])(?:exec|eval)\([^\n]{0,160}(?:b(?:16|32|64|85)decode|decompress|marshal\.loads|fromhex|unhexlify|\.decrypt|codecs\.decode|rot_?13)\b|\bsubprocess\.\w{1,14}\(\[sys\.executable,\s?["']-c?["'][^\n]{0,300}(?:b64decode|input=)|(?:^|[^\w.])exec\((?:str|bytes|"{0,2}'{0,2}\.join)?\(?[^\n]{0,60}(?:\bmap\(chr\b|\bchr\(|\bbytes\(\[)/gm,
      },
      {
        languages: PYTHON,
        needles: ["\\x"],
        pattern:
          /(?:[\w)\]]\[|\bgetattr\([^,\n]{1,60},[ \t]?|\b__import__\()["'](?:\\x[4-7][0-9a-f]){4,40}["']/g,
      },
      { languages: PYTHON, needles: ["__import__"], pattern: /(?:^|[^\w.])exec\([^\n]{0,40}__import__\(/gm },
      {
        languages: POWERSHELL,
        needles: ["frombase64string"],
        pattern:
          /\bfrombase64string\([^\n]{0,400}(?:\biex\b|\binvoke-expression\b|\binvoke\()|(?:\biex\b|\binvoke-expression\b|assembly\]::load\()[^\n]{0,400}\bfrombase64string\(/g,
      },
      {
        languages: VBSCRIPT,
        needles: ["execute"],
        pattern: /^[ \t]{0,40}execute(?:global)?[ \t(][^\n]{0,80}(?:\bchrw?\(|\bstrreverse\(|\breplace\()/gm,
      },
      {
        languages: RUBY,
        needles: ["eval"],
        pattern: /\beval[ \t(][^\n]{0,80}(?:decode64|unpack1?|inflate)\b/g,
      },
      {
        languages: PERL_PHP,
        needles: ["eval"],
        pattern:
          /\beval[ \t(]{1,4}[^\n]{0,80}(?:base64_decode|gzinflate|gzuncompress|str_rot13|decode_base64|unpack)\b/g,
      },
    ],
  },
  {
    id: "asks-password",
    does: "asks for a password in a window that it draws itself",
    looks: [{ needles: ["hidden answer"], pattern: /\bwith hidden answer\b/g }],
  },
  {
    id: "reverse-shell",
    does: "gives a shell to somebody far away",
    looks: [
      {
        needles: ["/dev/tcp/"],
        pattern:
          /\b(?:ba)?sh[ \t]{1,4}-i[ \t]{0,4}[>&]{1,3}[ \t]{0,4}\/dev\/tcp\/|\bexec[ \t]{1,4}\d{1,3}<>[ \t]{0,4}\/dev\/tcp\//g,
      },
      {
        languages: SHELL,
        needles: ["nc ", "ncat ", "netcat "],
        pattern:
          /\bn(?:et)?c(?:at)?[ \t][^\n;|]{0,60}-(?:e|c)[ \t]{1,4}["']?(?:\/bin\/)?(?:(?:ba)?sh|cmd)|\bmkfifo\b[^\n]{0,120}\bnc[ \t]/g,
      },
      {
        languages: PYTHON,
        needles: ["dup2("],
        pattern: /\bdup2\([^\n]{0,40}\.fileno\(\)[^\0]{0,300}(?:\/bin\/(?:ba)?sh|pty\.spawn|cmd\.exe)/g,
      },
      {
        languages: ECMASCRIPT,
        needles: [".stdin)"],
        pattern: /\.pipe\([\w$]{1,40}\.stdin\)[^\0]{0,120}\.stdout\.pipe\(/g,
        near: /\.connect\(|\bcreateconnection\(|\bnet\.socket\(/,
      },
      {
        languages: POWERSHELL,
        needles: ["tcpclient"],
        pattern: /\bsockets\.tcpclient\b[^\0]{0,1200}(?:\biex\b|\binvoke-expression\b|\bcmd\.exe\b)/g,
      },
    ],
  },
  {
    id: "disables-protection",
    does: "switches off what protects the machine",
    looks: [
      {
        needles: [
          "mppreference",
          "advfirewall",
          "windefend",
          "spctl",
          "csrutil",
          "disableantispyware",
          "amsi",
          "shadows",
          "recoveryenabled",
          "enablelua",
        ],
        pattern:
          /\b(?:add|set)-mppreference\b[^\n]{0,200}-(?:exclusion|disable)|\bnetsh[ \t]{1,4}advfirewall\b[^\n]{0,60}\bstate[ \t]{1,4}off\b|\bsc(?:\.exe)?[ \t]{1,4}(?:stop|config|delete)[ \t]{1,4}windefend\b|\bspctl[ \t]{1,4}--(?:master|global)-disable\b|\bcsrutil[ \t]{1,4}disable\b|\bdisableantispyware\b|\bamsi(?:utils|initfailed|scanbuffer)\b|\bvssadmin(?:\.exe)?[ \t]{1,4}delete[ \t]{1,4}shadows\b|\brecoveryenabled[ \t]{1,4}no\b|\benablelua\b[^\n]{0,40}\b0\b/g,
      },
    ],
  },
  {
    id: "wipes",
    does: "deletes what people keep on the machine",
    looks: [
      {
        needles: ["rm -", "homedir()", "%userprofile%", "$home", "env:userprofile", "cipher"],
        pattern:
          /\brm[ \t]{1,4}-(?:rf|fr|r[ \t]-f)[ \t]{1,4}(?:--no-preserve-root[ \t]{1,4})?(?:\/(?=[\s"'`;*]|$)|~\/?(?=[\s"'`;*]|$)|["']?\$\{?home\}?\/?["']?(?=[\s"'`;*]|$))|\b(?:rm|rmsync|rmdirsync|rimraf|rimrafsync|removesync|rmtree)\((?:[\w$]{1,20}\.)?homedir\(\)[,)]|\b(?:del|rd|rmdir)[ \t][^\n]{0,40}["']?%userprofile%["']?(?=[\s"'`;]|$)|\bremove-item[^\n]{0,40}\$(?:home|env:userprofile)["']?(?=[ \t][^\n]{0,20}-recurse)|\bcipher[ \t]{1,4}\/w:/gm,
      },
    ],
  },
];
