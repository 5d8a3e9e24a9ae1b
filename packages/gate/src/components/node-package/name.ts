/** Names of npm packages. Source: npm, scope. @module */

/** `@scope/name`; names are lower case today, and older ones keep their case. */
export function splitName(whole: string): { readonly namespace?: string; readonly name: string } {
  const slash = whole.startsWith("@") ? whole.indexOf("/") : -1;
  return slash < 0 ? { name: whole } : { namespace: whole.slice(0, slash), name: whole.slice(slash + 1) };
}
