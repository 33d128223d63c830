import { isBelow, type Wrapper } from './wrapper.ts';

/** Wrappers whose links are known to their own service only; naming them tells the administrator what to exempt there. */
const SERVICES: readonly (readonly [host: string, wrapper: string])[] = [
  ['mimecast.com', 'mimecast'],
  ['mimecastprotect.com', 'mimecast'],
  ['mimecast.co.za', 'mimecast'],
  ['link.edgepilot.com', 'edgepilot'],
  ['emailprotection.link', 'intermedia'],
  ['atpscan.global.hornetsecurity.com', 'hornetsecurity'],
  ['seclinks.cloud-security.net', 'hornetsecurity'],
  ['linkscan.io', 'bitdefender'],
  ['clicktime.cloud.postoffice.net', 'symantec'],
  ['messagelabs.com', 'symantec'],
  ['urlsand.com', 'libraesva'],
  ['urlsand.esvalabs.com', 'libraesva'],
  ['bit.ly', 'short-link'],
  ['tinyurl.com', 'short-link'],
  ['t.co', 'short-link'],
  ['ow.ly', 'short-link'],
  ['is.gd', 'short-link'],
  ['ct.sendgrid.net', 'click-counter'],
  ['list-manage.com', 'click-counter'],
  ['hubspotlinks.com', 'click-counter'],
];

export const opaque: Wrapper = ({ host, path }) => {
  const [, wrapper] = SERVICES.find(([parent]) => isBelow(host, parent)) ?? [];
  // The services' own pages are no wrapped links.
  return wrapper === undefined || path.length === 0 ? null : { wrapper, target: null };
};
