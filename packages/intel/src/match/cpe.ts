/** CPE names, 2.3 formatted strings and 2.2 URIs. Source: NISTIR 7695 §6.1, §6.2. @module */

export interface Cpe {
  readonly part: string;
  readonly vendor: string;
  readonly product: string;
  /** With its update behind it, `1.8.0 update202`. Absent for any, and for what says that it has none. */
  readonly version?: string;
  /** On which software it runs: `windows`, `wordpress`; absent for any. */
  readonly targetSoftware?: string;
}

/** Platforms for which a CPE's product is a desktop's; `wordpress` makes it a plugin that only shares the name. */
const DESKTOPS = new Set(["windows", "macos", "mac_os", "mac_os_x", "linux", "linux_kernel", "x64", "x86"]);

export const isDesktop = ({ targetSoftware }: Cpe): boolean =>
  targetSoftware === undefined || DESKTOPS.has(targetSoftware);

const MAX_CHARACTERS = 1000;
const TARGET_SOFTWARE = 10;

export function parseCpe(text: string): Cpe | undefined {
  if (text.length > MAX_CHARACTERS) return undefined;
  const lower = text.trim().toLowerCase();
  if (lower.startsWith("cpe:2.3:")) return fromParts(splitFormatted(lower).slice(2), TARGET_SOFTWARE - 2);
  if (lower.startsWith("cpe:/")) return fromParts(lower.slice(5).split(":").map(decodeUri), -1);
  return undefined;
}

function fromParts(parts: readonly string[], targetAt: number): Cpe | undefined {
  const [part = "", vendor = "", product = "", version, update] = parts;
  if (!/^[aoh]$/.test(part) || !isNamed(vendor) || !isNamed(product)) return undefined;
  const targetSoftware = parts[targetAt];
  return {
    part,
    vendor,
    product,
    ...(isNamed(version) && { version: isNamed(update) ? `${version} ${update}` : version }),
    ...(isNamed(targetSoftware) && { targetSoftware }),
  };
}

const isNamed = (value: string | undefined): value is string =>
  value !== undefined && value !== "" && value !== "*" && value !== "-";

/** At colons that no backslash quotes; the backslashes go. */
function splitFormatted(text: string): string[] {
  const parts = [""];
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === ":") parts.push("");
    else {
      if (character === "\\") at += 1;
      parts[parts.length - 1] += text.charAt(at);
    }
  }
  return parts;
}

function decodeUri(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
