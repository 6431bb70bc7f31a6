/** What `lwf verify` found, sentence by sentence. */

/** What is looked at, in this order. */
export type Check =
  | 'form'
  | 'digest'
  | 'signature'
  | 'kit'
  | 'plan'
  | 'traces'
  | 'judges'
  | 'waivers'
  | 'results'
  | 'driver'
  | 'profile'
  | 're-run';

/** `contradicts`: the statement says what is not so. `unchecked`: it could not be looked at. `note`: worth knowing. */
export type FindingKind = 'holds' | 'contradicts' | 'unchecked' | 'note';

export interface Finding {
  readonly check: Check;
  readonly kind: FindingKind;
  /** One sentence. */
  readonly text: string;
}

export type Standing = 'stands' | 'does not stand' | 'could not be checked';

export interface Verification {
  readonly schema: 'verification/1';
  readonly statement: string;
  readonly standing: Standing;
  readonly findings: readonly Finding[];
}

/** More of one kind tell nothing new. */
const LISTED = 10;

export class Findings {
  private readonly found: Finding[] = [];

  holds(check: Check, text: string): void {
    this.found.push({ check, kind: 'holds', text });
  }

  note(check: Check, text: string): void {
    this.found.push({ check, kind: 'note', text });
  }

  unchecked(check: Check, text: string): void {
    this.found.push({ check, kind: 'unchecked', text });
  }

  contradicts(check: Check, text: string): void {
    this.found.push({ check, kind: 'contradicts', text });
  }

  /**
   * @param texts one for each contradiction
   * @param otherwise said when there is none
   */
  settle(check: Check, texts: readonly string[], otherwise: string): void {
    if (texts.length === 0) this.holds(check, otherwise);
    for (const text of texts.slice(0, LISTED)) this.contradicts(check, text);
    if (texts.length > LISTED) this.contradicts(check, `… and ${texts.length - LISTED} more of this kind.`);
  }

  has(check: Check, kind: FindingKind): boolean {
    return this.found.some((finding) => finding.check === check && finding.kind === kind);
  }

  get all(): readonly Finding[] {
    return this.found;
  }

  /** One contradiction is enough; and what was not looked at cannot stand. */
  get standing(): Standing {
    const is = (kind: FindingKind): boolean => this.found.some((finding) => finding.kind === kind);
    return is('contradicts') ? 'does not stand' : is('unchecked') ? 'could not be checked' : 'stands';
  }
}
