import { decodedOnce, isBelow, type Wrapper } from './wrapper.ts';

/** `https://secure-web.cisco.com/<token>/<link, percent-encoded>`. */
export const ciscoSecureEmail: Wrapper = ({ host, path }) => {
  if (!isBelow(host, 'secure-web.cisco.com')) return null;
  const target = decodedOnce(path.slice(1).join('/'));
  return { wrapper: 'cisco-secure-email', target: /^https?:\/\//i.test(target) ? target : null };
};
