/** The driver reports what crosses its border: every crossing is seen, in order, up to the first that is missing. */
import type { Crossing } from '../../../../src/trace';
import { ProbeDecoder, type ProbeLife } from '../../decode/probe';
import type { EtwEvent } from '../ports';
import { PROBE_PROVIDER } from '../../decode/probe-record';
import type { SelfDescribingEvent } from '../../decode/trace-logging';
import type { Sight } from './sight';

const SILENT =
  "The driver's probe did not answer when it was asked how much it has written, so that nobody knows whether the last of its events are missing.";

export class WhiteBox implements Sight {
  readonly isNumbered = true;
  private readonly decoder = new ProbeDecoder();
  /** Crossings that are certain, when something has been lost. */
  private certain: number | undefined;
  /** How often the probe had answered when the flush began; undefined while it is not there to be asked. */
  private marksBefore: number | undefined;
  private isSilent = false;

  /**
   * @param start of the session, performance counter
   * @param frequency of the performance counter, Hz
   */
  constructor(
    private readonly start: bigint,
    private readonly frequency: bigint,
  ) {}

  /** The driver under test does not run yet: it is another one on the machine that has a probe, and answers whoever asks. */
  before(event: EtwEvent): void {
    if (event.provider === PROBE_PROVIDER) this.decoder.leaveOut(this.described(event));
  }

  take(event: EtwEvent): void {
    if (event.provider === PROBE_PROVIDER) this.decoder.take(this.described(event));
  }

  /** At each flush the probe is asked: the number of its answer says how many events come before. */
  flushing(): void {
    const life = this.life();
    this.marksBefore = life && !life.hasEnded ? life.marks : undefined;
  }

  flushed(): void {
    const life = this.life();
    // An answer that waits for an event with a lower number is there, and counts when that has come.
    if (life?.isWhole && !life.hasEnded && life.marks === this.marksBefore) this.isSilent = true;
  }

  held(): void {
    // What reaches the miniport was seen when the driver sent it.
  }

  mark(): number {
    return this.crossings.length;
  }

  lose(): void {
    // What is numbered without a gap from the first event on is certain, whatever else was lost.
  }

  get crossings(): readonly Crossing[] {
    const found = this.life()?.crossings ?? [];
    this.certain ??= firstGap(found);
    return this.certain === undefined ? found : found.slice(0, this.certain);
  }

  fault(): string | undefined {
    const { lives, problems } = this.decoder.soFar;
    const [life, other] = lives;
    if (other) return 'The driver was loaded more than once in the scenario: its second life is not followed.';
    if (problems[0] !== undefined) return problems[0];
    if (life && !life.isWhole) return life.problems[0] ?? 'Events of the probe are missing.';
    return this.isSilent ? SILENT : undefined;
  }

  private described({ provider, metadata = '', payload, t }: EtwEvent): SelfDescribingEvent {
    return {
      provider,
      metadata: Buffer.from(metadata, 'base64'),
      payload: Buffer.from(payload, 'base64'),
      time: Number(((BigInt(t) - this.start) * 1_000_000n) / this.frequency) / 1000,
    };
  }

  private life(): ProbeLife | undefined {
    return this.decoder.soFar.lives[0];
  }
}

/** @returns how many crossings there are before the first that is missing */
function firstGap(crossings: readonly Crossing[]): number | undefined {
  const index = crossings.findIndex(({ seq }, at) => seq !== at + 1);
  return index < 0 ? undefined : index;
}
