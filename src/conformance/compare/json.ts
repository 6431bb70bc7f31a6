/** Reads what a JSON file holds member by member, and says where something else stands than must. */
import { excerpt } from '../../trace/excerpt';
import { CannotJudge } from '../cannot-judge';

export type Members = Readonly<Record<string, unknown>>;

export class JsonPart {
  constructor(
    /** Path of the file. */
    private readonly file: string,
    /** Where in it: `rules[3].verdict`. */
    private readonly place: string,
    readonly value: unknown,
  ) {}

  /** @throws CannotJudge when it is no object */
  member(name: string): JsonPart {
    return new JsonPart(this.file, this.place === '' ? name : `${this.place}.${name}`, this.members()[name]);
  }

  /** The member, or undefined when there is none. */
  optional(name: string): JsonPart | undefined {
    const member = this.member(name);
    return member.value === undefined ? undefined : member;
  }

  /** @throws CannotJudge when it is no list */
  items(): JsonPart[] {
    const { value } = this;
    if (!Array.isArray(value)) throw this.refusal('a list');
    return value.map((item: unknown, index) => new JsonPart(this.file, `${this.place}[${index}]`, item));
  }

  /** @throws CannotJudge when it is no list of texts */
  texts(): string[] {
    return this.items().map((item) => item.text());
  }

  /** @throws CannotJudge when it is no text */
  text(): string {
    if (typeof this.value !== 'string') throw this.refusal('a text');
    return this.value;
  }

  /** @throws CannotJudge when it is no number */
  number(): number {
    if (typeof this.value !== 'number') throw this.refusal('a number');
    return this.value;
  }

  /** @throws CannotJudge when it is none of the words */
  oneOf<T extends string>(words: readonly T[]): T {
    const found = words.find((word) => word === this.value);
    if (found === undefined) throw this.refusal(`one of: ${words.join(', ')}`);
    return found;
  }

  members(): Members {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.refusal('an object');
    return value as Members;
  }

  private refusal(expected: string): CannotJudge {
    const shown = this.value === undefined ? 'missing' : excerpt(this.value, 40);
    const where = this.place === '' ? 'its content' : this.place;
    return new CannotJudge(
      `${this.file} is no result that can be compared: ${where} is ${shown}, and must be ${expected}. ` +
        'Run `lwf run` again to have a sound one.',
    );
  }
}
