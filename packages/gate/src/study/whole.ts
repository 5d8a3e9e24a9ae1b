/** Which members are looked at by themselves. @module */

/** These are what they are, also when they hold other things: programs, and plain files with an archive among their bytes. */
const ALWAYS_WHOLE: ReadonlySet<string> = new Set(["pe", "elf", "mach-o", "data"]);

/** Of a container its members are looked at, one by one. */
export const isWhole = ({
  format,
  holdsOthers,
}: {
  readonly format: string;
  readonly holdsOthers: boolean;
}): boolean => !holdsOthers || ALWAYS_WHOLE.has(format);
