/** Which groups an executable's imports belong to. @module */

import { type GroupId, groups } from "./groups.ts";

const byFunction: ReadonlyMap<string, GroupId> = new Map(
  groups.flatMap(({ id, functions }) => functions.map((name) => [name, id] as const)),
);
const byLibrary: ReadonlyMap<string, GroupId> = new Map(
  groups.flatMap(({ id, libraries }) => libraries.map((name) => [name, id] as const)),
);

const byType: ReadonlyMap<string, GroupId> = new Map(
  groups.flatMap(({ id, types }) => types.map((name) => [name, id] as const)),
);
const namespaces = [...byType].filter(([name]) => name.endsWith("."));

/** @returns for each group that has any, its functions as the program names them, without their library */
export function powersOf(imports: readonly string[]): ReadonlyMap<GroupId, readonly string[]> {
  const powers = new Map<GroupId, string[]>();
  for (const imported of imports) {
    const mark = imported.lastIndexOf("!");
    const [library, name] = [imported.slice(0, Math.max(0, mark)), imported.slice(mark + 1)];
    const id = groupOf(library, name);
    if (id === undefined) continue;
    const known = powers.get(id);
    if (known === undefined) powers.set(id, [shown(library, name)]);
    else known.push(shown(library, name));
  }
  return powers;
}

/** Whether an import belongs to a group. */
export const isTelling = (imported: string): boolean => {
  const mark = imported.lastIndexOf("!");
  return groupOf(imported.slice(0, Math.max(0, mark)), imported.slice(mark + 1)) !== undefined;
};

/** Ordinals have no name of their own, and members of .NET's types are many of one name. */
const shown = (library: string, name: string): string => {
  if (name.startsWith("#")) return `${library} ${name}`;
  return isType(library) && !library.includes("/") ? `${library}.${name}` : name;
};

/** Types of .NET have a namespace in front, and no ending of a library's file behind. */
const isType = (library: string): boolean => /^[A-Z]\w*\.\w/.test(library);

/** By the member, by the type, or by a namespace it is in. */
const groupOfType = (type: string, member: string): GroupId | undefined =>
  byType.get(`${type}!${member}`) ??
  byType.get(type) ??
  namespaces.find(([namespace]) => type.startsWith(namespace))?.[1];

function groupOf(library: string, name: string): GroupId | undefined {
  if (isType(library)) return groupOfType(library, name);
  const plain = plainName(name);
  return (
    byFunction.get(plain) ?? byFunction.get(withoutVariant(plain)) ?? byLibrary.get(plainLibrary(library))
  );
}

/** `socket@GLIBC_2.2.5`, `_connect$NOCANCEL`, `__imp_…`. Classes of Objective-C keep their dollars. */
function plainName(name: string): string {
  const [unversioned = ""] = name.split("@", 1);
  const bare = unversioned.replace(/^_(?=[A-Za-z])/, "");
  if (bare.startsWith("OBJC_CLASS_")) return bare;
  return bare.replace(/\$[A-Z0-9$]+$/, "");
}

/** `CreateProcessW`, `VirtualAllocExNuma` stays; `CredReadA`, `CreateRemoteThreadEx`, `SetWindowsHookExW`. */
const withoutVariant = (name: string): string => name.replace(/[AW]$/, "").replace(/Ex$|2$/, "");

/** `libcurl.so.4` → `libcurl`; `libcurl.4.dylib` → `libcurl`. */
const plainLibrary = (library: string): string => {
  const last = library.slice(library.lastIndexOf("/") + 1).toLowerCase();
  return last.replace(/\.so(\.\d+)*$|(\.\d+)*\.dylib$|\.dll$/, "");
};
