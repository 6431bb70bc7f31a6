import type { Ask, DriverCapability } from '../../contract';
import { readCapabilities } from './capabilities';
import { DEFAULT_FRAMES } from './frames';
import { placeholderFault, type Placeholder } from './names';
import { Problems } from './problems';
import type { AskPlan, EmulatorProfile, FrameSettings, OpenPlan } from './profile';
import { readAsk, readCodes, readSteps, type RawAsk, type RawStep } from './read-requests';
import { readTemplate, type RawTemplate } from './read-template';
import { readRegistry, type RawRegistry } from './registry';
import { schemaProblems } from './schema';
import { Source, type Path } from './source';

/** As the schema lets it through. */
interface RawProfile {
  readonly driver: string;
  readonly image?: string;
  readonly service: string;
  readonly notes?: string;
  readonly ndis?: string | number;
  readonly filter?: { readonly guid?: string; readonly class?: string };
  readonly adapters?: Partial<EmulatorProfile['adapters']>;
  readonly registry?: RawRegistry;
  readonly frames?: Partial<FrameSettings>;
  readonly codes?: Readonly<Record<string, string | number>>;
  readonly open?: RawOpen;
  readonly setup?: readonly RawStep[];
  readonly asks?: Readonly<Partial<Record<Ask, RawAsk>>>;
  readonly oids?: readonly string[];
  readonly capabilities?: readonly DriverCapability[];
}
interface RawOpen {
  readonly device: string;
  readonly file?: string;
  readonly ea?: { readonly name: string; readonly value: RawTemplate };
  readonly oneAtATime?: boolean;
}

const DEFAULT_CLASS = 'compression';
const DEFAULT_ADAPTERS: EmulatorProfile['adapters'] = {
  baseMiniportName: '\\Device\\{guid}',
  moduleName: '{guid}-{filterGuid}-0000',
  ifIndex: 1,
  medium: 'ethernet',
};
/** What Windows 11 24H2 has. */
const DEFAULT_NDIS = '6.89';

/**
 * Reads a vendor's profile.
 * @param text YAML
 * @param file what messages call it
 * @throws BadProfile, with every problem in it, when anything is not as it must be
 */
export function readProfile(text: string, file: string): EmulatorProfile {
  const source = Source.parse(text, file);
  const problems = new Problems(source);
  problems.take(schemaProblems(source));
  problems.throwAny();
  const profile = fromRaw(source.value as RawProfile, file, problems);
  problems.throwAny();
  return profile;
}

function fromRaw(raw: RawProfile, file: string, problems: Problems): EmulatorProfile {
  const codes = readCodes(raw.codes ?? {}, problems);
  const open = raw.open && readOpen(raw.open, problems);
  const asks: Partial<Record<Ask, AskPlan>> = {};
  for (const [ask, plan] of Object.entries(raw.asks ?? {}) as [Ask, RawAsk][]) {
    asks[ask] = readAsk(plan, ['asks', ask], codes, problems);
    if (!open && asks[ask].steps.length > 0) {
      problems.add(
        ['asks', ask],
        `"${ask}" is put through a handle, and "open" does not say how to open the driver`,
        'key',
      );
    }
  }
  return {
    file,
    driver: raw.driver,
    image: raw.image ?? `${raw.service}.sys`,
    service: raw.service,
    notes: raw.notes ?? '',
    ndis: ndisVersion(raw.ndis ?? DEFAULT_NDIS),
    filter: {
      ...(raw.filter?.guid && { guid: raw.filter.guid.toUpperCase() }),
      class: raw.filter?.class ?? DEFAULT_CLASS,
    },
    adapters: readAdapters(raw.adapters ?? {}, problems),
    registry: readRegistry(raw.registry ?? {}, raw.service, problems),
    frames: { ...DEFAULT_FRAMES, ...raw.frames },
    ...(open && { open }),
    setup: readSteps(raw.setup ?? [], ['setup'], codes, problems, false),
    asks,
    oids: raw.oids ?? [],
    capabilities: readCapabilities(raw.capabilities, { asks, ...(open && { open }) }, problems),
  };
}

function readOpen({ device, file = '', ea, oneAtATime = false }: RawOpen, problems: Problems): OpenPlan {
  checkText(device, ['open', 'device'], problems);
  checkText(file, ['open', 'file'], problems);
  return {
    device,
    file,
    ...(ea && { ea: { name: ea.name, value: readTemplate(ea.value, ['open', 'ea', 'value'], problems) } }),
    oneAtATime,
  };
}

function readAdapters(raw: Partial<EmulatorProfile['adapters']>, problems: Problems): EmulatorProfile['adapters'] {
  const adapters = { ...DEFAULT_ADAPTERS, ...raw };
  const names: readonly Placeholder[] = ['adapter', 'guid', 'ifIndex', 'instance', 'filterGuid'];
  checkText(adapters.baseMiniportName, ['adapters', 'baseMiniportName'], problems, names);
  checkText(adapters.moduleName, ['adapters', 'moduleName'], problems, [...names, 'miniport']);
  return adapters;
}

function checkText(text: string, path: Path, problems: Problems, allowed?: readonly Placeholder[]): void {
  const fault = placeholderFault(text, allowed);
  if (fault !== undefined) problems.add(path, fault);
}

/** YAML takes `6.30` without quotes as the number 6.3; both mean minor version 30. */
function ndisVersion(written: string | number): EmulatorProfile['ndis'] {
  const text =
    typeof written === 'string' ? written : written === 6.1 || written === 6 ? String(written) : written.toFixed(2);
  const [major = '6', minor = '0'] = text.split('.');
  return { major: Number(major), minor: Number(minor) };
}
