import type { Crossing } from '../../trace';
import type { ModuleBook } from './books/module-book';
import type { Court } from './court';
import { Tentative } from './tentative';

/** When a filter may originate OID requests or statuses: from the return of FilterAttach to the entry of FilterDetach. */
export class ControlPath {
  private readonly attaches: Tentative;

  /**
   * @param rule that says so of what is originated, beside those on attach and detach
   * @param passingOn the handler inside which it may be somebody else's
   */
  constructor(
    private readonly court: Court,
    private readonly rule: 'OO-01' | 'ST-03',
    private readonly passingOn?: string,
  ) {
    this.attaches = new Tentative(court);
  }

  /**
   * @param crossing in which the module originates it, before it is entered
   * @param said what it did, for messages: `The filter … at #7`
   */
  allows(module: ModuleBook, crossing: Crossing, said: string): void {
    const { threads } = this.court.books;
    const accuse = (rules: readonly string[], why: string, witness: Crossing | undefined): void => {
      for (const rule of [...rules, this.rule])
        this.court.charge(rule, { at: crossing, witnesses: [witness], message: `${said} ${why}` });
    };
    if (module.state === 'Attaching') {
      const why = `while ${module.name} was Attaching (since #${module.since.seq})`;
      const sentence = (): void => accuse(['ATT-05'], why, module.attach);
      if (threads.inside(crossing, 'FilterAttach')?.module === module.name) sentence();
      else this.attaches.hold(module.name, crossing, sentence);
    } else if (module.state === 'Detaching') {
      const { detachEntry, detachBarrier } = module;
      const why = `after FilterDetach of ${module.name} was entered at #${detachEntry?.seq ?? 0}`;
      const root = threads.rootOf(crossing);
      if (threads.inside(crossing, 'FilterDetach')?.module === module.name)
        accuse(['DET-05', 'PNP-05'], why, detachEntry);
      else if (root && root.ddi !== this.passingOn && detachBarrier && root.seq > detachBarrier.seq)
        accuse(['DET-05'], why, detachEntry);
    } else if (module.state === 'Detached') {
      accuse([], `for ${module.name}, which was detached at #${module.since.seq}`, module.since);
    }
  }

  /** @param crossing `<-FilterAttach`, before it is entered */
  attached(crossing: Crossing): void {
    this.attaches.returned(crossing);
  }

  forget(): void {
    this.attaches.forget();
  }
}
