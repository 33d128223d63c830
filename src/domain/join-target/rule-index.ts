import { type PathTemplate, readPathTemplate, readSegment, type Segment } from './path-template.ts';
import type {
  AddressShape,
  LinkRule,
  NegativeKind,
  NegativeRule,
  ProviderRules,
  RulePack,
  VideoRule,
} from './rule-pack.ts';
import { isPublicHost } from './web-address.ts';

export interface CompiledShape {
  readonly paths: readonly PathTemplate[];
  /** Null: any value but none. */
  readonly query: readonly (readonly [name: string, value: Segment | null])[];
  /** Undefined: whatever; null: anything but nothing. */
  readonly fragment: PathTemplate | null | undefined;
}

export interface CompiledLink {
  readonly provider: string;
  readonly schemes: ReadonlySet<string>;
  readonly shape: CompiledShape;
  readonly score: number;
  readonly sip: string | null;
  readonly meetingId: string | null;
}

export interface CompiledNegative {
  readonly kind: NegativeKind;
  readonly shape: CompiledShape;
}

export interface CompiledVideo {
  readonly provider: string;
  readonly users: readonly Segment[];
  readonly below: boolean;
}

/** Rules made ready: found by host, in the order of the pack. */
export interface RuleIndex {
  readonly links: ReadonlyMap<string, readonly CompiledLink[]>;
  readonly negatives: ReadonlyMap<string, readonly CompiledNegative[]>;
  readonly video: ReadonlyMap<string, readonly CompiledVideo[]>;
  readonly mailHosts: ReadonlySet<string>;
  /** Schemes besides https that may win. */
  readonly schemes: ReadonlySet<string>;
  /** The same and http. */
  readonly wrapperSchemes: ReadonlySet<string>;
  readonly names: ReadonlyMap<string, string>;
  /** Providers whose numbers and passcodes are read by place. */
  readonly anyLanguage: ReadonlySet<string>;
  /** Providers beside whose links a foreign video address is another meeting's. */
  readonly dialled: ReadonlySet<string>;
  readonly madeOf: ReadonlyMap<string, string>;
  readonly interopWithTenant: ReadonlySet<string>;
  readonly passcodeWords: readonly string[];
  readonly otherCodeWords: readonly string[];
  readonly meetingIdWords: readonly string[];
}

/** What is wrong with a rule, as the rest of a sentence that begins with where it stands. */
export interface RuleFault {
  readonly provider: string;
  readonly problem: string;
}

const HTTPS: ReadonlySet<string> = new Set(['https']);
const DEFAULT_SCORE = 100;

/** What is wrong with an organisation's own rules; empty when they can be used. */
export function ruleFaults(own: readonly ProviderRules[]): readonly RuleFault[] {
  const index = new IndexBuilder();
  for (const provider of own) index.addProvider(provider);
  return index.faults;
}

/**
 * Makes rules ready. An organisation's own come first: they may claim a host before the pack does. Throws RuleFaults for rules that
 * can't be used.
 */
export function compileRules(pack: RulePack, own: readonly ProviderRules[] = []): RuleIndex {
  const index = new IndexBuilder();
  for (const provider of [...own, ...pack.providers]) index.addProvider(provider);
  for (const negative of pack.negatives) index.addNegative(negative);
  if (index.faults.length > 0) throw new RuleFaults(index.faults);
  return {
    ...index,
    wrapperSchemes: new Set([...index.schemes, 'http']),
    mailHosts: new Set(pack.mailHosts),
    passcodeWords: pack.passcodeWords,
    otherCodeWords: pack.otherCodeWords,
    meetingIdWords: pack.meetingIdWords,
  };
}

/** Rules that can't be used. */
export class RuleFaults extends Error {
  override readonly name = 'RuleFaults';
  readonly faults: readonly RuleFault[];

  constructor(faults: readonly RuleFault[]) {
    super(faults.map(({ provider, problem }) => `${provider} ${problem}`).join('; '));
    this.faults = faults;
  }
}

class IndexBuilder {
  readonly links = new Map<string, CompiledLink[]>();
  readonly negatives = new Map<string, CompiledNegative[]>();
  readonly video = new Map<string, CompiledVideo[]>();
  readonly schemes = new Set<string>();
  readonly names = new Map<string, string>();
  readonly anyLanguage = new Set<string>();
  readonly dialled = new Set<string>();
  readonly madeOf = new Map<string, string>();
  readonly interopWithTenant = new Set<string>();
  readonly faults: RuleFault[] = [];

  addProvider(provider: ProviderRules): void {
    const { id, name, links = [], video = [] } = provider;
    if (!this.names.has(id)) this.names.set(id, name);
    if (provider.anyLanguage === true) this.anyLanguage.add(id);
    if (provider.ownVideoOnly === true) this.dialled.add(id);
    if (provider.sipFromId !== undefined) this.madeOf.set(id, provider.sipFromId);
    for (const host of provider.interopWithTenant ?? []) this.interopWithTenant.add(host);
    for (const link of links) this.#addLink(id, link);
    for (const rule of video) this.#addVideo(id, rule);
    for (const negative of provider.negatives ?? []) this.addNegative(negative);
  }

  addNegative(rule: NegativeRule): void {
    const compiled = { kind: rule.kind, shape: this.#shape(rule.kind, rule) };
    for (const host of this.#hosts(rule.kind, rule.hosts)) pushTo(this.negatives, host, compiled);
  }

  #addLink(provider: string, rule: LinkRule): void {
    for (const scheme of rule.schemes ?? []) this.schemes.add(scheme);
    const compiled: CompiledLink = {
      provider,
      schemes: rule.schemes === undefined ? HTTPS : new Set(rule.schemes),
      shape: this.#shape(provider, rule),
      score: rule.score ?? DEFAULT_SCORE,
      sip: rule.sip ?? null,
      meetingId: rule.meetingId ?? null,
    };
    // The host of a scheme of one's own is no host of the web.
    const hosts = rule.schemes === undefined ? this.#hosts(provider, rule.hosts) : rule.hosts;
    for (const host of hosts) pushTo(this.links, host, compiled);
  }

  #addVideo(provider: string, rule: VideoRule): void {
    const users = rule.users.flatMap((user) => this.#part(provider, user, readSegment(user)));
    for (const host of this.#hosts(provider, rule.hosts))
      pushTo(this.video, host, { provider, users, below: rule.below ?? false });
  }

  #shape(provider: string, shape: AddressShape): CompiledShape {
    return {
      paths: shape.paths.flatMap((path) => this.#part(provider, path, readPathTemplate(path))),
      query: Object.entries(shape.query ?? {}).map(([name, value]) => {
        const [segment = null] = value === '*' ? [] : this.#part(provider, value, readSegment(value));
        return [name.toLowerCase(), segment] as const;
      }),
      fragment: this.#fragment(provider, shape.fragment),
    };
  }

  #fragment(provider: string, text: string | undefined): PathTemplate | null | undefined {
    if (text === undefined || text === '*') return text === undefined ? undefined : null;
    return this.#part(provider, text, readPathTemplate(text))[0];
  }

  #part<T>(provider: string, text: string, read: T | null): T[] {
    if (read !== null) return [read];
    this.faults.push({ provider, problem: `has a template that can’t be read: ${text}` });
    return [];
  }

  /** A whole public suffix would claim the hosts of strangers. */
  #hosts(provider: string, hosts: readonly string[]): string[] {
    return hosts.map((host) => {
      const wide = host === '*' || /^[a-z0-9-]+\.\*$/.test(host);
      if (!wide && (!isPublicHost(host) || host !== host.toLowerCase()))
        this.faults.push({
          provider,
          problem: `names a host that is no host below a public suffix: ${host}`,
        });
      return host;
    });
  }
}

function pushTo<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
