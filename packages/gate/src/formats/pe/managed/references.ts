/**
 * What a .NET program asks for: members of other assemblies' types, and functions of native libraries. Its import table
 * names the runtime alone. Source: ECMA-335, 6th edition, II.22.25 (MemberRef), II.22.38 (TypeRef), II.22.22 (ImplMap).
 * @module
 */

import type { Budget } from "@sallyport/core";
import type { MappedImage } from "../mapped-image.ts";
import { TABLE } from "./columns.ts";
import { type Metadata, readMetadata } from "./metadata.ts";

/** The lowest bits of a member's parent: 1 is a type of another assembly. */
const PARENT_BITS = 3;
const PARENT_TYPE = 1;
const TIME_CHECK_INTERVAL = 1024;

/**
 * `System.Net.WebClient!DownloadString` for members, `kernel32!VirtualAlloc` for native functions.
 * @throws {@link ArtifactError} `artifact.malformed` when the metadata contradicts itself
 */
export async function* readReferences(image: MappedImage, budget: Budget): AsyncGenerator<string> {
  const metadata = await readMetadata(image);
  if (metadata === undefined) return;
  const types: string[] = [];
  for (const [, name = 0, namespace = 0] of metadata.rows(TABLE.typeReference)) {
    if (types.length % TIME_CHECK_INTERVAL === 0) budget.checkTime();
    const [inner, outer] = [await metadata.name(name), await metadata.name(namespace)];
    types.push([outer, inner].filter((part) => part !== undefined).join("."));
  }
  let count = 0;
  for (const [parent = 0, name = 0] of metadata.rows(TABLE.memberReference)) {
    if (count++ % TIME_CHECK_INTERVAL === 0) budget.checkTime();
    const type =
      (parent & (2 ** PARENT_BITS - 1)) === PARENT_TYPE ? types[(parent >>> PARENT_BITS) - 1] : undefined;
    const member = await metadata.name(name);
    if (type !== undefined && member !== undefined) yield `${type}!${member}`;
  }
  yield* readNativeFunctions(metadata, budget);
}

async function* readNativeFunctions(metadata: Metadata, budget: Budget): AsyncGenerator<string> {
  let count = 0;
  for (const [, , name = 0, library = 0] of metadata.rows(TABLE.nativeFunction)) {
    if (count++ % TIME_CHECK_INTERVAL === 0) budget.checkTime();
    const [place = 0] = metadata.row(TABLE.moduleReference, library) ?? [];
    const [wanted, holder] = [await metadata.name(name), await metadata.name(place)];
    if (wanted !== undefined && holder !== undefined)
      yield `${holder.toLowerCase().replace(/\.dll$/, "")}!${wanted}`;
  }
}
