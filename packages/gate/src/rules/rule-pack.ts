/** YARA rules that a person brings with `--rules`. @module */

export interface RulePack {
  /** As the person named the file. */
  readonly name: string;
  readonly source: string;
  /** The snapshot it stands in, when it is kept here and was not brought along. */
  readonly snapshot?: string;
}
