import { expect } from 'chai';
import { LEGAL_TRANSITIONS, stateMachineSvg } from '../../src/reporting';

describe('state machine', () => {
  const all = Object.fromEntries(LEGAL_TRANSITIONS.map((key, i) => [key, i + 1]));
  const uncovered = (svg: string): number => svg.match(/class="sm-uncovered"/g)?.length ?? 0;

  it('knows every legal transition of a filter module', () => {
    expect([...LEGAL_TRANSITIONS].sort()).to.deep.equal([
      'Attaching>Detached',
      'Attaching>Paused',
      'Detached>Attaching',
      'Detaching>Detached',
      'Paused>Detaching',
      'Paused>Paused',
      'Paused>Restarting',
      'Pausing>Paused',
      'Pausing>Pausing',
      'Restarting>Paused',
      'Restarting>Restarting',
      'Restarting>Running',
      'Running>Pausing',
    ]);
  });

  it('draws all seven states', () => {
    const states = [...stateMachineSvg({}).matchAll(/class="sm-name"[^>]*>(\w+)</g)].map(([, name]) => name);
    expect(states).to.have.members([
      'Detached',
      'Attaching',
      'Paused',
      'Restarting',
      'Running',
      'Pausing',
      'Detaching',
    ]);
  });

  it('tells covered from uncovered by words', () => {
    expect(uncovered(stateMachineSvg(all))).to.equal(0);
    for (const key of LEGAL_TRANSITIONS) {
      const svg = stateMachineSvg({ ...all, [key]: 0 });
      expect(uncovered(svg), key).to.equal(1);
      expect(svg.match(/not covered/g), key).to.have.length(1);
      expect(svg).to.include(`${LEGAL_TRANSITIONS.length - 1} of ${LEGAL_TRANSITIONS.length} transitions covered`);
    }
  });

  it('shows how often', () => {
    expect(stateMachineSvg({ 'Running>Pausing': 4711 })).to.include('×4711');
  });
});
