import { isBelow, type Wrapper } from './wrapper.ts';

/** Check Point Harmony: `https://protect.checkpoint.com/v2/___<link>___.<signature>`; in `r01` letters are shifted, so it stays shut. */
export const avanan: Wrapper = ({ host, address }) => {
  if (!isBelow(host, 'protect.checkpoint.com') && !isBelow(host, 'avanan.click')) return null;
  const [, folder = '', inside = ''] = /\/v[12]\/(?:(r\d\d)\/)?___(.+?)___\./i.exec(address) ?? [];
  const readable = folder === '' && /^https?:\/\//i.test(inside);
  return { wrapper: 'check-point', target: readable ? inside : null };
};
