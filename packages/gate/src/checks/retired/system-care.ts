/**
 * Parts that a system's package keeps in the system's own folders. Who builds a distribution mends what is in them without
 * changing the version that the maker gave, so neither the maker's dates nor the maker's list of mended versions tell anything
 * of them. What a package brings in a folder of its own is nobody's but its builder's, and is judged like any other.
 * Sources: FHS 3.0 §4.4 to §4.7; Debian Policy §9.1.1 (multiarch folders), §8.1 (shared libraries); Debian Python Policy §3.
 * @module
 */

import type { Component } from "@sallyport/core";
import type { Artifact, ArtifactMember } from "../../artifact.ts";
import { imageOf, isDatabase } from "../../components/distribution-name.ts";
import { isRuntime } from "./runtimes.ts";

const PACKAGES: ReadonlySet<string> = new Set(["deb", "rpm"]);
/** pacman and apk: a package is a plain archive with this file in it. */
const PACKAGE_INFORMATION = /(?:^|\/)\.PKGINFO$/;
/** Databases whose packages are not listed here: Berkeley DB and ndb of RPM, pacman's folder for each package. */
const OTHER_DATABASE =
  /(?:(?:var\/lib|usr\/lib\/sysimage)\/rpm\/Packages(?:\.db)?|var\/lib\/pacman\/local\/[^/]+\/desc)$/;
/** What containers put between a package, or a layer of an image, and its files. */
const WRAPPING = /(?:^|(?<=\/))(?:|\.|content|layer\.tar|data\.tar(?:\.[a-z0-9]{1,5})?)\/$/;
const MAX_WRAPPINGS = 4;
/** Deeper, nothing begins that is a system's. */
const MAX_FOLDERS = 100;

/** Directly in it: a folder below is somebody's own. */
const LIBRARY =
  /^(?:usr\/)?lib(?:32|64|x32)?\/(?:[a-z0-9_]{1,20}-(?:(?:linux|kfreebsd)-)?(?:gnu|musl|uclibc)[a-z0-9_]{0,12}\/)?[^/]+\.so(?:\.[0-9a-z.]{1,24})?$/;
/** Where an interpreter looks for what the system's packages bring it; `local` and `opt` are of those who did not. */
const INTERPRETER =
  /^usr\/(?:lib(?:64)?\/(?:python[0-9.]{1,6}\/|ruby\/(?:vendor_ruby|gems)\/)|share\/(?:nodejs|java|maven-repo|perl5|php|ruby\/vendor_ruby|rubygems-integration|gems)\/)/;
const PROGRAM = /^(?:usr\/)?s?bin\/([^/]+)$/;

/** @returns whether a part of that member is the system's */
export function systemCareIn({
  root,
  members,
}: Artifact): (member: ArtifactMember, part: Pick<Component, "product">) => boolean {
  const [own, layers] = [new Set<string>(), new Set<string>()];
  for (const member of [root, ...members]) {
    const { path, format } = member;
    if (PACKAGES.has(format)) own.add(path === "" ? "" : `${path}/`);
    else if (PACKAGE_INFORMATION.test(path)) own.add(unwrapped(path.slice(0, -".PKGINFO".length)));
    const image = imageWithDatabase(member);
    if (image === undefined) continue;
    own.add(image);
    if (image !== "") layers.add(folderOf(image));
  }
  if (own.size === 0) return () => false;
  const isSystem = (start: string): boolean => own.has(start) || layers.has(folderOf(start));
  const known = new WeakMap<ArtifactMember, Standing>();
  return (member, part) => {
    const standing = known.get(member) ?? standingOf(member, isSystem);
    known.set(member, standing);
    return (
      standing.isKept ||
      standing.programs.some((name) => isNamed(name, part.product) && !standing.hasOther(part))
    );
  };
}

/** Where a member stands, told once for all of its parts: it may have tens of thousands. */
interface Standing {
  /** Where the system keeps what others use. */
  readonly isKept: boolean;
  /** What it is called where the system keeps programs. */
  readonly programs: readonly string[];
  /** A distribution keeps libraries apart; a program with its own copies of them came ready made, from its maker. */
  readonly hasOther: (part: Pick<Component, "product">) => boolean;
}

function standingOf(
  { path, components = [] }: ArtifactMember,
  isSystem: (start: string) => boolean,
): Standing {
  const places = placesIn(path).filter(
    ([start, place]) =>
      (LIBRARY.test(place) || INTERPRETER.test(place) || PROGRAM.test(place)) && isSystem(start),
  );
  const runtimes = new Set(components.filter((one) => isRuntime(one, one)).map(({ product }) => product));
  return {
    isKept: places.some(([, place]) => LIBRARY.test(place) || INTERPRETER.test(place)),
    programs: places.flatMap(([, place]) => PROGRAM.exec(place)?.[1] ?? []),
    hasOther: ({ product }) => runtimes.size > (runtimes.has(product) ? 1 : 0),
  };
}

/** @returns where the image begins whose packages that member lists; undefined when it lists none */
function imageWithDatabase({ path, sizeBytes, components }: ArtifactMember): string | undefined {
  if (isDatabase(path) && components !== undefined) return unwrapped(imageOf(path));
  const isOther = sizeBytes > 0 && OTHER_DATABASE.test(path);
  return isOther ? unwrapped(path.replace(OTHER_DATABASE, "")) : undefined;
}

/** `python3.11` is Python. */
const isNamed = (program: string, product: string): boolean => {
  const name = letters(program);
  return name.length >= 2 && (letters(product).startsWith(name) || name.startsWith(letters(product)));
};

const letters = (text: string): string => text.toLowerCase().replace(/[^a-z]/g, "");

/** Each way to take a path for a place in a file system: where that begins, and the place. */
function placesIn(path: string): readonly (readonly [start: string, place: string])[] {
  const slashes = [...path.matchAll(/\//g)].slice(0, MAX_FOLDERS);
  const starts = ["", ...slashes.map(({ index }) => path.slice(0, index + 1))];
  return starts.map((start) => [unwrapped(start), path.slice(start.length)]);
}

function unwrapped(start: string): string {
  let rest = start;
  for (let count = 0; count < MAX_WRAPPINGS && WRAPPING.test(rest); count++)
    rest = rest.replace(WRAPPING, "");
  return rest;
}

/** `blobs/sha256/ab/` lies in `blobs/sha256/`, as do the other layers of one image. */
const folderOf = (start: string): string => start.slice(0, start.lastIndexOf("/", start.length - 2) + 1);
