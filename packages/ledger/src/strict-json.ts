/**
 * Reads values of unknown shape, field by field, and says where they are wrong. Small on purpose: an offline
 * verifier should be readable in one sitting.
 * @module
 */

/** A place in a document, with what stands there. */
export class Field {
  readonly path: string;
  readonly value: unknown;

  constructor(path: string, value: unknown) {
    this.path = path;
    this.value = value;
  }

  /** @throws ShapeError unless it is an object; own members only, so no prototype answers for a missing one */
  member(name: string): Field {
    if (typeof this.value !== "object" || this.value === null || Array.isArray(this.value))
      throw new ShapeError(`${this.path} is not an object`);
    const descriptor = Object.getOwnPropertyDescriptor(this.value, name);
    return new Field(`${this.path}.${name}`, descriptor?.value);
  }

  /** @throws ShapeError unless it is text of at most `maxCharacters`, in the given form */
  text(maxCharacters: number, form?: RegExp): string {
    if (typeof this.value !== "string") throw new ShapeError(`${this.path} is not text`);
    if (this.value.length > maxCharacters) throw new ShapeError(`${this.path} is too long`);
    if (form !== undefined && !form.test(this.value)) throw new ShapeError(`${this.path} is malformed`);
    return this.value;
  }

  /** @throws ShapeError unless it is exactly one of the words */
  oneOf<Word extends string>(...words: readonly Word[]): Word {
    const word = words.find((candidate) => candidate === this.value);
    if (word === undefined) throw new ShapeError(`${this.path} is not ${words.join(" or ")}`);
    return word;
  }

  /** @throws ShapeError unless it is a list of at most `max` */
  list(max: number): readonly Field[] {
    if (!Array.isArray(this.value)) throw new ShapeError(`${this.path} is not a list`);
    if (this.value.length > max) throw new ShapeError(`${this.path} is too long`);
    return Array.from(this.value, (value, index) => new Field(`${this.path}[${index}]`, value));
  }

  /** @throws ShapeError when there is a member that nobody expects: what is not checked must not be there */
  only(...names: readonly string[]): void {
    if (typeof this.value !== "object" || this.value === null)
      throw new ShapeError(`${this.path} is not an object`);
    const stranger = Object.keys(this.value).find((name) => !names.includes(name));
    if (stranger !== undefined) throw new ShapeError(`${this.path} has an unknown member`);
  }
}

export class ShapeError extends Error {}
