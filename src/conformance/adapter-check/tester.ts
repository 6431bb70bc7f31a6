/** What checks of an adapter have in common: ways to a conversation, a rig, a running filter. */
import type { ModuleView, Operation, OperationState } from '../../../adapters/contract';
import {
  CODE,
  PROTOCOL,
  type ErrorObject,
  type HelloResult,
  type TraceResult,
} from '../../../adapters/contract/protocol';
import type { OpenChannel } from '../../../adapters/stdio';
import type { Crossing } from '../../trace';
import { kitVersion } from '../kit-root';
import { Conversation, InTheWay, NotTried, Wrong, type Said } from './conversation';

export const HELLO = { protocols: [PROTOCOL], controller: { name: 'adapter-check', version: kitVersion } };

export interface TesterOptions {
  readonly channel: OpenChannel;
  /** Milliseconds. */
  readonly answerWithin: number;
  readonly log: (text: string) => void;
}

/** An adapter that has been greeted, and what it says of itself. */
export interface Greeted {
  readonly adapter: Conversation;
  readonly facts: HelloResult;
}

export class Tester {
  private readonly conversations: Conversation[] = [];
  /** One that did well so far and has no rig open: starting a program may take long. */
  private idle: Greeted | undefined;
  private greeted: HelloResult | undefined;

  constructor(private readonly options: TesterOptions) {}

  /** Everything that was said in this check. */
  get said(): Said[] {
    return this.conversations.flatMap(({ said }) => said);
  }

  /**
   * The check is over, and so are its programs.
   * @param well it did well: one of the programs may serve the next check too
   */
  async over(well: boolean): Promise<void> {
    for (const adapter of this.conversations.splice(0)) {
      if (well && !this.idle && this.greeted && (await adapter.isReusable())) {
        this.idle = { adapter, facts: this.greeted };
      } else {
        adapter.kill();
        await adapter.itsEnd().catch(() => undefined);
      }
    }
  }

  /** Ends what is left. */
  async end(): Promise<void> {
    if (this.idle) this.conversations.push(this.idle.adapter);
    this.idle = undefined;
    await this.over(false);
  }

  /** A program that has been told nothing yet. */
  start(): Conversation {
    const conversation = new Conversation(this.options.channel, this.options.answerWithin, this.options.log);
    this.conversations.push(conversation);
    return conversation;
  }

  async greet(): Promise<Greeted> {
    const { idle } = this;
    this.idle = undefined;
    if (idle) {
      this.conversations.push(idle.adapter);
      return idle;
    }
    const adapter = this.start();
    const facts = (await adapter.result('hello', HELLO)) as HelloResult;
    this.greeted = facts;
    return { adapter, facts };
  }

  async open(seed = 1): Promise<Greeted> {
    const greeted = await this.greet();
    await greeted.adapter.result('open', { seed });
    return greeted;
  }

  /** A rig with the driver loaded and adapter A plugged in. */
  async load(seed = 1): Promise<Greeted> {
    const opened = await this.open(seed);
    await begins(opened.adapter, 'load');
    await opened.adapter.result('addAdapter', { adapter: 'A' });
    return opened;
  }

  /** The same with a running filter module on it. */
  async run(seed = 1): Promise<Greeted> {
    const loaded = await this.load(seed);
    await begins(loaded.adapter, 'attach', { adapter: 'A' });
    await begins(loaded.adapter, 'restart', { adapter: 'A' });
    return loaded;
  }
}

export type OperationCall =
  'load' | 'unload' | 'attach' | 'restart' | 'pause' | 'detach' | 'openHandle' | 'closeHandle';

/** @throws NotTried when the driver does not do it: that is not for the adapter to answer */
export async function succeeds(adapter: Conversation, method: OperationCall, params?: object): Promise<void> {
  const state = await stateOf(adapter, (await adapter.result(method, params)) as Operation);
  if (state.state === 'done' && state.status.endsWith('STATUS_SUCCESS')) return;
  const how = state.state === 'done' ? `ended with ${state.status}` : `is ${state.state}`;
  throw new NotTried(`the driver under test is in the way: \`${method}\` ${how}`);
}

/** The same where without it nothing else can be tried. @throws InTheWay */
async function begins(adapter: Conversation, method: OperationCall, params?: object): Promise<void> {
  try {
    await succeeds(adapter, method, params);
  } catch (failure) {
    throw failure instanceof NotTried ? new InTheWay(failure.message) : failure;
  }
}

export async function stateOf(adapter: Conversation, operation: Operation): Promise<OperationState> {
  return (await adapter.result('operation', { operation })) as OperationState;
}

/** The module of the driver under test that is attached to A. */
export async function moduleOnA(adapter: Conversation): Promise<ModuleView | undefined> {
  const modules = (await adapter.result('modules')) as readonly ModuleView[];
  return modules.findLast((module) => module.adapter === 'A');
}

/** Most pages that are read: an adapter whose `more` never ends must not keep the check. */
const MOST_PAGES = 1000;

/** All crossings, page by page; none where the adapter, which has not promised any, says that it cannot tell them. */
export async function wholeTrace({ adapter, facts }: Greeted, limit = 500): Promise<Crossing[]> {
  const crossings: Crossing[] = [];
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const after = crossings.at(-1)?.seq ?? 0;
    const { result, error } = await adapter.ask('trace', { after, limit });
    if (error && isUnsupported(error) && !facts.capabilities.includes('exactTrace')) return crossings;
    if (error) throw new Wrong(`\`trace\` was refused: ${error.message} (${error.code})`);
    const page = result as TraceResult;
    if (page.crossings.length > limit)
      throw new Wrong(`a page of ${page.crossings.length} crossings came, and at most ${limit} were asked for`);
    if (page.more === true && page.crossings.length === 0) throw new Wrong('an empty page says that there is more');
    crossings.push(...page.crossings);
    if (page.more !== true) return crossings;
  }
  throw new Wrong(`after ${MOST_PAGES} pages there is still more`);
}

export function needs(facts: HelloResult, capability: HelloResult['capabilities'][number]): void {
  if (!facts.capabilities.includes(capability))
    throw new NotTried(`the adapter does not say that it has ${capability}`);
}

/** Does it say that it has no such call? */
export function isUnsupported({ code, data }: ErrorObject): boolean {
  return code === CODE.methodNotFound || (data as { kind?: unknown } | undefined)?.kind === 'notSupported';
}
