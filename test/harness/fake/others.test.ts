import { expect } from 'chai';
import { UNDER_TEST } from './network';
import { Plays } from './plays';
import type { FakeWindows } from './windows';

const EVERY_MS = 60;
const FRAME = 'ff'.repeat(60);

/** Somebody whom nobody asked sends on the adapter, and something comes from the wire. */
function busy(windows: FakeWindows): void {
  const pass = windows.pass.bind(windows);
  let since = 0;
  windows.pass = (milliseconds) => {
    pass(milliseconds);
    since += milliseconds;
    if (since < EVERY_MS || windows.isDown) return;
    since = 0;
    const { protocol } = windows.stack(UNDER_TEST);
    if (protocol.state !== 'Running') return;
    windows.model.do('others', () => protocol.send(protocol.newSends(1, 1, null), undefined)).catch(() => undefined);
    windows
      .miniport(UNDER_TEST)
      .indicate([FRAME], false, 0)
      .catch(() => undefined);
  };
}

describe('Steps that count, on an adapter that others use as well', () => {
  const COUNTING = [
    'features/registration/entry-points.feature:51',
    'features/registration/entry-points.feature:58',
    'features/receive/pass-through.feature:61',
  ];

  it('hold nothing against the filter that it does for them', async () => {
    const plays = await Plays.prepare(...COUNTING);
    const options = { driver: 'reference', level: 'white box' } as const;
    for (const [disturb, verdict] of [
      [undefined, 'pass'],
      [busy, 'not observed'],
    ] as const) {
      const played = await plays.play({ ...options, ...(disturb && { disturb }) });
      const words = played.map(({ id, harness }) => `${id} ${harness.verdict}`);
      expect(words).to.deep.equal(COUNTING.map((id) => `${id} ${verdict}`));
    }
  });
});
