import type { Wrapper } from './wrapper.ts';

/** The page that opens the Teams app carries the meeting's path in a parameter: `…/launcher.html?url=/_#/l/meetup-join/…`. */
export const teamsLauncher: Wrapper = ({ host, path, query }) => {
  if (!host.startsWith('teams.') || path.at(-1)?.toLowerCase() !== 'launcher.html') return null;
  const inside = (query.get('url') ?? '').replace(/^\/_(?:#)?(?=\/)/, '');
  return inside.startsWith('/') ? { wrapper: 'teams-launcher', target: `https://${host}${inside}` } : null;
};
