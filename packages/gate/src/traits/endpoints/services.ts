/**
 * Classes of public services that malware speaks to because nobody blocks them, and hosts that only name things.
 * A class says what kind of service it is, not that it is bad; what counts is that a program gained it.
 * Sources: MITRE ATT&CK T1102 (web service), T1567.001-.004 (code repository, cloud storage, text storage, webhook),
 * T1572 and T1090 (tunnels, proxies), T1568 (dynamic resolution), T1016 (what is my address); lots-project.com (2026).
 * @module
 */

import type { Risk } from "../trait.ts";

export interface ServiceClass {
  readonly id: string;
  /** For a sentence: `a webhook that collects data`. */
  readonly title: string;
  /** When a program, script or configuration gains it. */
  readonly risk: Risk;
  /** Hosts, those below them as well; `host/path` where only that part of it is of the class. */
  readonly hosts: readonly string[];
}

export const SERVICE_CLASSES: readonly ServiceClass[] = [
  {
    id: "webhook",
    title: "a webhook or request collector",
    risk: "high",
    hosts:
      `webhook.site requestbin.com requestbin.net requestbin.cn requestcatcher.com requestrepo.com pipedream.net
      hookbin.com beeceptor.com hookdeck.com webhook.cool ptsv2.com ptsv3.com postb.in smee.io canarytokens.com canarytokens.org
      dnslog.cn ceye.io burpcollaborator.net oastify.com interact.sh oast.pro oast.live oast.site oast.online oast.fun
      oast.me bxss.me xss.ht discord.com/api/webhooks discordapp.com/api/webhooks hooks.slack.com
      api.telegram.org outlook.office.com/webhook hooks.zapier.com maker.ifttt.com formspree.io`.split(/\s+/),
  },
  {
    id: "tunnel",
    title: "a tunnel to somebody's machine",
    risk: "high",
    hosts:
      `ngrok.io ngrok.app ngrok.dev ngrok-free.app ngrok-free.dev trycloudflare.com localtunnel.me loca.lt serveo.net
      localhost.run lhr.life lhr.rocks portmap.io portmap.host pagekite.me telebit.io telebit.cloud pinggy.io pinggy.link
      bore.pub playit.gg devtunnels.ms tunnelto.dev zrok.io packetriot.net localxpose.io loclx.io`.split(
        /\s+/,
      ),
  },
  {
    id: "paste",
    title: "a place to paste texts",
    risk: "high",
    hosts:
      `pastebin.com paste.ee pastebin.pl paste.rs hastebin.com ghostbin.com ghostbin.co rentry.co rentry.org
      controlc.com dpaste.com dpaste.org ix.io 0x0.st termbin.com sprunge.us paste.c-net.org privatebin.net pastes.io
      paste.mozilla.org justpaste.it justpaste.me textbin.net snippet.host bpa.st cl1p.net doxbin.com telegra.ph write.as
      paste.debian.net paste.ubuntu.com paste.opensuse.org`.split(/\s+/),
  },
  {
    id: "file-drop",
    title: "a place where anybody drops files",
    risk: "high",
    hosts:
      `transfer.sh file.io anonfiles.com anonfile.com bayfiles.com gofile.io catbox.moe litterbox.catbox.moe
      pixeldrain.com mega.nz mega.co.nz mediafire.com sendspace.com ufile.io uguu.se bashupload.com temp.sh oshi.at
      filebin.net filetransfer.io wetransfer.com we.tl cdn.discordapp.com/attachments media.discordapp.net/attachments
      storage.bunnycdn.com`.split(/\s+/),
  },
  {
    id: "dynamic-name",
    title: "a name that is given to changing addresses",
    risk: "high",
    hosts:
      `duckdns.org ddns.net ddns.name dyndns.org dyndns.biz dyndns.info dyndns.tv hopto.org hopto.me zapto.org sytes.net
      no-ip.org no-ip.biz no-ip.info no-ip.com noip.me myftp.org myftp.biz myvnc.com servehttp.com serveftp.com redirectme.net
      3utilities.com bounceme.net freedynamicdns.net freedynamicdns.org gotdns.ch dynu.net dynv6.net mooo.com chickenkiller.com
      strangled.net crabdance.com ignorelist.com twilightparadox.com afraid.org changeip.com now-dns.net now-dns.org ydns.eu
      nip.io sslip.io xip.io 3322.org f3322.net gnway.net`.split(/\s+/),
  },
  {
    id: "hidden-service",
    title: "a hidden service",
    risk: "high",
    hosts: `onion onion.ly onion.ws onion.pet onion.to onion.cab onion.city tor2web.org tor2web.io i2p`.split(
      /\s+/,
    ),
  },
  {
    id: "block-chain",
    title: "a door to a block chain",
    risk: "medium",
    hosts: `infura.io alchemy.com api.trongrid.io api.etherscan.io api.bscscan.com bsc-dataseed.binance.org
      bsc-dataseed1.binance.org binance.org/bsc ankr.com quiknode.pro fullnode.mainnet.aptoslabs.com api.mainnet-beta.solana.com
      blockchain.info blockstream.info`.split(/\s+/),
  },
  {
    id: "raw-file",
    title: "files out of anybody's repository",
    risk: "medium",
    hosts:
      `raw.githubusercontent.com gist.githubusercontent.com gist.github.com/raw raw.github.com rawgit.com rawcdn.githack.com
      raw.githack.com statically.io bitbucket.org/raw drive.google.com/uc docs.google.com/uc dl.dropboxusercontent.com
      dl.dropbox.com onedrive.live.com/download 1drv.ms`.split(/\s+/),
  },
  {
    id: "shortener",
    title: "a shortened address",
    risk: "medium",
    hosts:
      `bit.ly bitly.com j.mp tinyurl.com is.gd v.gd ow.ly buff.ly cutt.ly rb.gy shorturl.at t.ly tiny.cc tiny.one rebrand.ly
      s.id clck.ru goo.su u.to shorte.st adf.ly bl.ink soo.gd qr.ae grabify.link iplogger.org iplogger.com 2no.co yip.su`.split(
        /\s+/,
      ),
  },
  {
    id: "own-address",
    title: "a service that tells a machine its address",
    risk: "medium",
    hosts:
      `api.ipify.org api64.ipify.org ipify.org ifconfig.me ifconfig.co ifconfig.io icanhazip.com ipecho.net ip-api.com ipinfo.io
      ipapi.co ipwho.is ipwhois.app api.myip.com checkip.amazonaws.com checkip.dyndns.org wtfismyip.com ident.me myexternalip.com
      freegeoip.app geoplugin.net geoip.dev freeipapi.com api.ip.sb whatismyipaddress.com`.split(/\s+/),
  },
];

/** They name a vocabulary, a licence or a standard, or are reserved for examples: nobody has to reach them. */
const NAMING =
  `w3.org purl.org xmlns.com ns.adobe.com schemas.microsoft.com schemas.openxmlformats.org schemas.xmlsoap.org
  schemas.android.com www.openxmlformats.org json-schema.org schema.org schemastore.org oasis-open.org xml.org docbook.org
  relaxng.org ietf.org rfc-editor.org iana.org unicode.org opensource.org gnu.org fsf.org spdx.org creativecommons.org
  scripts.sil.org openfontlicense.org apache.org/licenses mozilla.org/MPL unlicense.org opengis.net xmlsoap.org omg.org
  ogp.me gmpg.org rdfs.org iptc.org dublincore.org exslt.org inkscape.org/namespaces sodipodi.sourceforge.net/DTD
  apple.com/DTDs java.sun.com/xml java.sun.com/dtd jcp.org xmlpull.org xml.apache.org/xslt example.com example.net example.org
  tempuri.org ecma-international.org tc39.es whatwg.org iso.org itu.int`.split(/\s+/);

/** Public resolvers: programs ask them whether there is a network at all. */
const RESOLVERS =
  `8.8.8.8 8.8.4.4 1.1.1.1 1.0.0.1 9.9.9.9 149.112.112.112 208.67.222.222 208.67.220.220 4.2.2.1 4.2.2.2
  114.114.114.114 223.5.5.5 223.6.6.6`.split(/\s+/);

/** Anybody gets a name below these, so two names below one of them are two owners. */
const SHARED =
  `github.io gitlab.io herokuapp.com vercel.app netlify.app netlify.com workers.dev pages.dev r2.dev web.app
  firebaseapp.com firebaseio.com appspot.com run.app cloudfunctions.net blogspot.com azurewebsites.net azureedge.net azurefd.net
  blob.core.windows.net cloudapp.net cloudapp.azure.com trafficmanager.net windows.net cloudfront.net s3.amazonaws.com
  amazonaws.com on.aws elasticbeanstalk.com onrender.com fly.dev railway.app up.railway.app surge.sh glitch.me repl.co replit.dev
  replit.app deno.dev supabase.co backblazeb2.com digitaloceanspaces.com ondigitalocean.app wasabisys.com myqcloud.com
  aliyuncs.com bunnycdn.com b-cdn.net fastly.net akamaized.net edgekey.net wordpress.com weebly.com wixsite.com tumblr.com
  sourceforge.net sf.net codeberg.page readthedocs.io gitbook.io surge.sh ngrok.io duckdns.org`.split(/\s+/);

const NAMING_SET = setOf(NAMING);
const RESOLVER_SET: ReadonlySet<string> = new Set(RESOLVERS);
const SHARED_SET: ReadonlySet<string> = new Set(SHARED);
const CLASS_OF = new Map(SERVICE_CLASSES.flatMap((service) => service.hosts.map((host) => [host, service])));
/** Second-level names under which a country's registry sells the third level. */
const REGISTRY_LABELS: ReadonlySet<string> = new Set(
  "co com net org gov edu ac or ne go gob nom mil gen ltd plc me".split(" "),
);

function setOf(names: readonly string[]): ReadonlySet<string> {
  return new Set(names);
}

/** The name itself, and what it lies below: `a.b.c`, `b.c`, `c`. */
function* upwards(host: string): Generator<string> {
  for (let name = host; name !== ""; ) {
    yield name;
    const dot = name.indexOf(".");
    name = dot < 0 ? "" : name.slice(dot + 1);
  }
}

/** @param path - begins with `/`, or is empty */
export function serviceClassOf(host: string, path: string): ServiceClass | undefined {
  return findFor(host, path, (key) => CLASS_OF.get(key));
}

/** Names a vocabulary, a licence or a standard, or is there for examples. */
export const isNaming = (host: string, path: string): boolean =>
  findFor(host, path, (key) => (NAMING_SET.has(key) ? true : undefined)) === true;

export const isResolver = (address: string): boolean => RESOLVER_SET.has(address);

function findFor<Found>(
  host: string,
  path: string,
  find: (key: string) => Found | undefined,
): Found | undefined {
  const parts = path.split(/[/?#]/, 4).filter((part) => part !== "");
  for (const name of upwards(host)) {
    const found =
      find(name) ??
      find(`${name}/${parts[0] ?? ""}`) ??
      find(`${name}/${parts.slice(0, 2).join("/")}`) ??
      (parts.includes("raw") ? find(`${name}/raw`) : undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The part of a host that somebody registers: `example.co.uk` of `www.example.co.uk`. */
export function registrableDomain(host: string): string {
  const labels = host.split(".");
  for (const name of upwards(host))
    if (SHARED_SET.has(name)) return labels.slice(-(name.split(".").length + 1)).join(".");
  const last = labels.at(-1) ?? "";
  const isBelowRegistry = last.length === 2 && REGISTRY_LABELS.has(labels.at(-2) ?? "");
  return labels.slice(isBelowRegistry ? -3 : -2).join(".");
}
