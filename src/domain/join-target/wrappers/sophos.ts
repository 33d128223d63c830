import { fromBase64, isBelow, type Wrapper } from './wrapper.ts';

/** `https://<region>.protection.sophos.com/?d=<host>&u=<base64 of the link>&…`. */
export const sophos: Wrapper = ({ host, query }) => {
  if (!isBelow(host, 'protection.sophos.com')) return null;
  const target = new TextDecoder().decode(fromBase64(query.get('u') ?? ''));
  return { wrapper: 'sophos', target: /^https?:\/\/[\x21-\x7e]+$/i.test(target) ? target : null };
};
