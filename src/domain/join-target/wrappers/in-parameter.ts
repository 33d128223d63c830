import { isBelow, type Wrapper } from './wrapper.ts';

interface InParameter {
  readonly wrapper: string;
  /** `google.*`: with whichever public suffix. */
  readonly host: string;
  /** The path begins so; empty: any. */
  readonly path: string;
  /** The first of these parameters that is there holds the link. */
  readonly names: readonly string[];
}

/** Wrappers that carry the link, percent-encoded, in a parameter. */
const FAMILIES: readonly InParameter[] = [
  { wrapper: 'safe-links', host: 'safelinks.protection.outlook.com', path: '', names: ['url'] },
  { wrapper: 'safe-links', host: 'safelinks.protection.office365.us', path: '', names: ['url'] },
  { wrapper: 'safe-links', host: 'safelinks.protection.outlook.cn', path: '', names: ['url'] },
  { wrapper: 'safe-links', host: 'safelinks.protection.partner.outlook.cn', path: '', names: ['url'] },
  { wrapper: 'safe-links', host: 'safelink.emails.azure.net', path: 'redirect', names: ['destination'] },
  { wrapper: 'safe-links', host: 'statics.teams.cdn.office.net', path: 'evergreen-assets', names: ['url'] },
  { wrapper: 'safe-links', host: 'statics.teams.microsoft.com', path: 'evergreen-assets', names: ['url'] },
  { wrapper: 'outlook-redirect', host: 'outlook.office.com', path: 'owa', names: ['url'] },
  { wrapper: 'outlook-redirect', host: 'outlook.office365.com', path: 'owa', names: ['url'] },
  { wrapper: 'barracuda', host: 'linkprotect.cudasvc.com', path: '', names: ['a'] },
  { wrapper: 'google', host: 'google.*', path: 'url', names: ['q', 'url'] },
  { wrapper: 'google', host: 'plus.google.com', path: 'url', names: ['q'] },
  { wrapper: 'google', host: 'plus.url.google.com', path: 'url', names: ['q'] },
  { wrapper: 'fireeye', host: 'fireeye.com', path: '', names: ['u'] },
  { wrapper: 'trellix', host: 'trellix.com', path: '', names: ['u'] },
  { wrapper: 'symantec', host: 'clicktime.symantec.com', path: '', names: ['u'] },
  { wrapper: 'trend-micro', host: 'trendmicro.com', path: 'wis', names: ['url'] },
  { wrapper: 'trend-micro', host: 'trendmicro.eu', path: 'wis', names: ['url'] },
  { wrapper: 'slack', host: 'slack-redir.net', path: 'link', names: ['url'] },
  { wrapper: 'facebook', host: 'l.facebook.com', path: 'l.php', names: ['u'] },
  { wrapper: 'linkedin', host: 'linkedin.com', path: 'redir', names: ['url'] },
  { wrapper: 'linkedin', host: 'linkedin.com', path: 'safety', names: ['url'] },
  { wrapper: 'gmx', host: 'deref-gmx.net', path: '', names: ['redirecturl'] },
  { wrapper: 'gmx', host: 'deref-web.de', path: '', names: ['redirecturl'] },
  { wrapper: 'gmx', host: 'deref-mail.com', path: '', names: ['redirecturl'] },
  { wrapper: 'forcepoint', host: 'mailcontrol.com', path: '', names: ['url'] },
  { wrapper: 'vade', host: 'vadesecure.com', path: '', names: ['u'] },
  { wrapper: 'zix', host: 'zixmail.net', path: '', names: ['u'] },
  { wrapper: 'yandex', host: 'mail.yandex.ru', path: 're.jsx', names: ['l'] },
  { wrapper: 'vk', host: 'vk.com', path: 'away.php', names: ['to'] },
];

const BY_DOMAIN = Map.groupBy(FAMILIES, ({ host }) => lastLabels(host));

export const inParameter: Wrapper = (link) => {
  const families = [...(BY_DOMAIN.get(lastLabels(link.host)) ?? []), ...(BY_DOMAIN.get('google.*') ?? [])];
  const folder = link.path[0]?.toLowerCase() ?? '';
  for (const family of families) {
    if (!isHost(link.host, family.host) || !folder.startsWith(family.path)) continue;
    for (const name of family.names) {
      const target = link.query.get(name);
      if (target !== undefined && /^https?:/i.test(target)) return { wrapper: family.wrapper, target };
    }
  }
  return null;
};

/** The last two labels: enough to look for the few families that can be meant. */
function lastLabels(host: string): string {
  return host.split('.').slice(-2).join('.');
}

function isHost(host: string, pattern: string): boolean {
  if (!pattern.endsWith('.*')) return isBelow(host, pattern);
  // `www.google.de`, `google.co.uk`; nothing else may stand before the name, so that no look-alike is opened.
  const name = pattern.slice(0, -1);
  const bare = host.startsWith('www.') ? host.slice(4) : host;
  return bare.startsWith(name) && /^(?:com|com?\.[a-z]{2}|[a-z]{2})$/.test(bare.slice(name.length));
}
