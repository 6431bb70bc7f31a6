/**
 * What causality decides about a driver that is seen from outside only, by the states of its modules and the frames that the miniport
 * holds: PAU-11, and DET-02 where the system itself tells. What is not ordered for sure is never held against the driver, and that
 * nothing was seen is never held in its favour.
 */
import type { Crossing } from '../../../trace';
import type { Court, Judge } from '../court';
import { isBefore, SeenLife, spanOf } from './sightings';

/** Frames of one module that are remembered. */
const REMEMBERED = 1024;

interface Followed {
  readonly life: SeenLife;
  /** The first sighting of each frame. */
  readonly frames: Map<string, Crossing>;
  /** Seen after the end of a pause, perhaps after a restart. */
  doubtful: Crossing[];
  /** Frames that were held against the present pause. */
  readonly condemned: Set<string>;
  /** The present pause was put to the test. */
  tested: boolean;
}

/** NDIS has waited too long: https://learn.microsoft.com/windows-hardware/drivers/debugger/bug-check-0x7c--bugcode-ndis-driver */
const WATCHDOG = { code: 0x7c, p1: 0x25, p2: 0x14 };

export function judgeBlackBox(court: Court): Judge {
  const tested = { drains: court.tested('PAU-11'), accepts: court.tested('DET-02') };
  const modules = new Map<string, Followed>();

  const follow = (module: string, crossing: Crossing): Followed => {
    let followed = modules.get(module);
    if (!followed) {
      const life = new SeenLife(module, crossing.adapter, crossing);
      followed = { life, frames: new Map(), doubtful: [], condemned: new Set(), tested: false };
      modules.set(module, followed);
    }
    return followed;
  };

  const state = (crossing: Crossing): void => {
    const { module, args } = crossing;
    const seen = args?.['state'];
    if (module === undefined || typeof seen !== 'string') return;
    const followed = follow(module, crossing);
    const { life } = followed;
    if (seen === life.state) return;
    const { paused } = life;
    const follows = life.enter(seen, crossing);
    // That it was restarted says nothing of what was seen before: when NDIS tells of a restart is not documented.
    if (follows && paused && life.isEnding) for (const each of followed.doubtful) condemn(followed, each, paused);
    followed.doubtful = [];
    if (seen === 'Pausing') {
      followed.tested = false;
      followed.condemned.clear();
    }
    if (seen === 'Detaching') tested.accepts.count += 1;
  };

  const frame = (crossing: Crossing): void => {
    const { module, args } = crossing;
    const name = args?.['frame'];
    if (module === undefined || typeof name !== 'string') return;
    if (args?.['at'] !== 'below' || args['origin'] !== 'filter') return;
    const followed = modules.get(module);
    if (!followed) return;
    const { life, frames, doubtful } = followed;
    const span = spanOf(crossing);
    if (life.pausing && !followed.tested && isBefore(spanOf(life.pausing), span)) {
      followed.tested = true;
      tested.drains.count += 1;
    }
    if (life.paused && isBefore(spanOf(life.paused), span)) {
      if (wasThereBefore(followed, name, life.paused)) condemn(followed, crossing, life.paused);
      else if (!life.isEnding && doubtful.length < REMEMBERED) doubtful.push(crossing);
      else if (life.isEnding && !hasSuccessor(life)) condemn(followed, crossing, life.paused);
    }
    if (!frames.has(name) && frames.size < REMEMBERED) frames.set(name, crossing);
  };

  /** A frame that the miniport held before the end of a pause, and holds still: it could not pause, so nothing was restarted since. */
  const wasThereBefore = ({ frames }: Followed, name: string, paused: Crossing): Crossing | undefined => {
    const first = frames.get(name);
    return first && isBefore(spanOf(first), spanOf(paused)) ? first : undefined;
  };

  /** Another module of the driver is on the adapter, or may be: the frame may be its own. */
  const hasSuccessor = (life: SeenLife): boolean =>
    [...modules.values()].some(
      ({ life: other }) => other !== life && other.adapter === life.adapter && other.state !== 'Detached',
    );

  const condemn = (followed: Followed, sighting: Crossing, paused: Crossing): void => {
    const { module } = followed.life;
    const name = String(sighting.args?.['frame']);
    if (followed.condemned.has(name)) return;
    followed.condemned.add(name);
    const before = wasThereBefore(followed, name, paused);
    const held = `${name}, a send of ${module}, was with the miniport at #${sighting.seq}, after ${module} was seen Paused at #${paused.seq}`;
    court.charge('PAU-11', {
      at: sighting,
      module,
      witnesses: [before, paused],
      message: before
        ? `${held}, as it had been before, at #${before.seq}`
        : `${held}: it was sent before the pause was complete, or else after it, which breaks PAU-07`,
    });
  };

  /** NDIS says itself that a FilterDetach does not end, and one module alone can be meant. */
  const stopped = (crossing: Crossing): void => {
    for (const [name, value] of Object.entries(WATCHDOG)) if (Number(crossing.args?.[name]) !== value) return;
    const detaching = [...modules.values()].filter(({ life }) => life.state === 'Detaching');
    const [one] = detaching;
    if (!one || detaching.length > 1) return;
    const { module, since } = one.life;
    court.charge('DET-02', {
      at: crossing,
      module,
      witnesses: [since],
      message: `${module} was seen Detaching at #${since.seq}, and NDIS stopped the system because a FilterDetach did not end`,
    });
  };

  return {
    before: { '!!ModuleState': state, '!!Frame': frame, '!!Bugcheck': stopped },
    forget: () => modules.clear(),
  };
}
