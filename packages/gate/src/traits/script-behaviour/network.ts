/**
 * Sending and getting. Sources: the languages' libraries; the manuals of curl and wget; Microsoft's documentation of
 * PowerShell, certutil and BITS; MITRE ATT&CK T1041, T1048, T1105.
 * @module
 */

import {
  BATCH,
  ECMASCRIPT,
  PERL_PHP,
  POWERSHELL,
  PYTHON,
  RUBY,
  RUN_NEAR,
  SHELL,
  type Sign,
  VBSCRIPT,
  WINDOWS,
} from "./sign.ts";

const CURL_SENDS =
  /\bcurl(?:\.exe)?\b[^\n|;]{0,300}?[ \t](?:-[a-z]{0,6}[dft]|--data[\w-]{0,12}|--form|--upload-file|--json|-x[ \t]{0,4}["']?(?:post|put)|--request[ \t]{1,4}(?:post|put))(?=[ \t"'@])|\bwget\b[^\n|;]{0,300}?--post-(?:data|file)/g;

export const NETWORK: readonly Sign[] = [
  {
    id: "sends",
    does: "sends data",
    looks: [
      {
        languages: ECMASCRIPT,
        needles: [
          "post",
          "put",
          "sendbeacon",
          "websocket",
          "connect(",
          "resolve",
          "lookup(",
          "fetch(",
          ".get(",
          ".src=",
          "api.telegram",
          "api/webhooks",
          "gh ",
        ],
        pattern:
          /\bmethod:["`](?:post|put)["`]|\.post\((?!["`]\/)|\bsendbeacon\(|\bnew websocket\(|\bnet\w{0,12}\.(?:connect|createconnection)\(|\bdns\w{0,12}\.(?:resolve\w{0,8}|lookup)\(|\b(?:fetch|\.get)\([`"]https?:\/\/[^)\n]{0,120}(?:\$\{|"\+)|\bfetch\([\w$.]{1,40}\+|\.get\(\{[^}\n]{0,160}\bpath:[^}\n]{0,80}(?:\+|\$\{)|\bhttps?\w{0,8}\.request\(|\bhttps?(?:"\))?\.get\((?!")[^,)\n]{1,80}(?:\+|\$\{)|\.open\(["`](?:post|put)["`]|\.src=(?:"https?:[^"\n]{0,80}"\+|`https?:[^`\n]{0,80}\$\{)|\bapi\.telegram\.org\/bot|\bdiscord(?:app)?\.com\/api\/webhooks|\bgh (?:repo|gist) create\b/g,
      },
      {
        languages: PYTHON,
        needles: [
          "post(",
          "put(",
          "requests.get(",
          "httpx.get(",
          "urlopen(",
          "request(",
          "socket",
          "smtplib",
          "ftplib",
        ],
        pattern:
          /\.(?:post|put)\(|\b(?:requests|httpx)\.get\((?:f["'][^"'\n]{0,100}\{|["'][^"'\n]{0,100}["'][ \t]?(?:\+|%|\.format)|\w{1,40}[ \t]?\+)|\burlopen\([^)\n]{0,120}(?:\bdata=|,\s?(?!timeout|context)\w)|\burllib\.request\.request\([^)\n]{0,160}data=|\.request\(["'](?:post|put)["']|\bsocket\.(?:create_connection|socket)\(|\.sendall\(|\bsmtplib\.|\bftplib\./g,
      },
      { languages: SHELL, needles: ["curl", "wget"], pattern: CURL_SENDS },
      {
        languages: ["ecmascript", "python"],
        needles: ["curl ", "wget "],
        pattern: CURL_SENDS,
        near: RUN_NEAR,
      },
      { languages: BATCH, needles: ["curl", "wget"], pattern: CURL_SENDS },
      {
        languages: SHELL,
        needles: ["/dev/tcp", "nc ", "nslookup", "dig ", "sendmail", "scp ", "rclone ", "aws s3", "gh "],
        pattern:
          /\/dev\/(?:tcp|udp)\/|\|[ \t]{0,4}nc(?:at)?[ \t]|\b(?:nslookup|dig)[ \t][^\n]{0,40}\$[({]|\|[ \t]{0,4}(?:sendmail|mail)\b|\b(?:scp|rclone copy|aws s3 cp)[ \t]|\bgh (?:repo|gist) create\b/g,
      },
      {
        languages: POWERSHELL,
        needles: ["-method", "upload", "tcpclient", "send-mailmessage", "-body", "curl"],
        pattern:
          /-method[ \t]{1,4}["']?(?:post|put)\b|\.upload(?:string|data|file|values)\w{0,8}\(|\bsockets\.tcpclient\b|\bsend-mailmessage\b|[ \t]-(?:body|infile)[ \t]/g,
      },
      { languages: VBSCRIPT, needles: ["post", "put"], pattern: /\.open[ \t(]{1,4}["'](?:post|put)["']/g },
      {
        languages: RUBY,
        needles: ["post", "put", "tcpsocket"],
        pattern: /\bnet::http(?:\.|::)(?:post|put)|\.post_form\(|\btcpsocket\b|\.post\(/g,
      },
      {
        languages: PERL_PHP,
        needles: ["post", "curl_", "fsockopen", "socket"],
        pattern:
          /->(?:post|put)\(|\bcurlopt_post\w{0,10}\b|\bfsockopen\(|\bio::socket\b|\bstream_socket_client\(/g,
      },
    ],
  },
  {
    id: "fetches",
    does: "gets something from the network",
    looks: [
      {
        languages: ECMASCRIPT,
        needles: ["fetch(", "axios", "http", "curl ", "wget ", "got("],
        pattern:
          /\bfetch\((?!\))|\baxios\b[\w.]{0,12}\(|\bhttps?\w{0,8}\.(?:get|request)\(|require\("(?:node:)?https?"\)\.(?:get|request)|\.get\([`"]https?:|\bgot\w{0,8}\([`"]|["`](?:curl|wget) /g,
      },
      {
        languages: PYTHON,
        needles: ["urlopen(", "urlretrieve(", "requests.", "httpx."],
        pattern: /\burl(?:open|retrieve)\(|\b(?:requests|httpx)\.(?:get|request)\(/g,
      },
      {
        languages: SHELL,
        needles: ["curl", "wget"],
        pattern: /(?:^|[;&|(`]|\b(?:then|do|else|sudo))[ \t]{0,40}(?:\/usr\/bin\/)?(?:curl|wget)[ \t]/gm,
      },
      {
        languages: WINDOWS,
        needles: [
          "invoke-webrequest",
          "iwr",
          "invoke-restmethod",
          "irm",
          "download",
          "bitstransfer",
          "webclient",
          "certutil",
          "bitsadmin",
          "xmlhttp",
          "winhttp",
          "curl",
        ],
        pattern:
          /\binvoke-(?:webrequest|restmethod)\b|\b(?:iwr|irm)[ \t]|\.download(?:string|file|data)\w{0,8}\(|\bstart-bitstransfer\b|\bnet\.webclient\b|\bcertutil(?:\.exe)?[^\n]{0,60}-urlcache|\bbitsadmin\b|\bxmlhttp\b|\bwinhttprequest\b|\bcurl(?:\.exe)?[ \t]/g,
      },
      {
        languages: RUBY,
        needles: ["open-uri", "net::http", "uri.open"],
        pattern: /["']open-uri["']|\bnet::http\.get|\buri\.open\(/g,
      },
      {
        languages: PERL_PHP,
        needles: ["lwp", "http::tiny", "curl_exec", "file_get_contents"],
        pattern: /\blwp::|\bhttp::tiny\b|\bcurl_exec\(|\bfile_get_contents\(\s{0,4}["']https?:/g,
      },
    ],
  },
];
