/** YARA rules that a person brings with `--rules`. @module */

export interface RulePack {
  /** As the person named the file. */
  readonly name: string;
  readonly source: string;
}
