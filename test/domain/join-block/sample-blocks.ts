import { JOIN_PARTS, type JoinBlock, type JoinDetails } from '../../../src/domain/join-block/join-details.ts';

export const DETAILS: JoinDetails = {
  link: 'https://nordwind.webex.com/meet/ann?a=1&b=2',
  videoAddress: 'ann@nordwind.webex.com',
  meetingNumber: '23456789012',
  password: 'kV7m<Pz>3"q&',
  phones: [
    { number: '+46 8 505 200 00', place: 'Sweden Toll' },
    { number: '+1-415-655-0001', place: 'US Toll' },
  ],
  accessCode: '2345 678 9012#',
};

export const HEADER = 'Nordwind & Söhne\n\n<b>not bold</b>';
export const FOOTER = 'Recorded: see https://nordwind.example/privacy.';

export function aBlock(change: Partial<JoinBlock> = {}): JoinBlock {
  return { details: DETAILS, parts: JOIN_PARTS, language: 'en', header: HEADER, footer: FOOTER, ...change };
}

/** The same meeting after it was moved to another room. */
export const OTHER = aBlock({
  details: {
    ...DETAILS,
    link: 'https://nordwind.webex.com/meet/bo',
    videoAddress: 'bo@nordwind.webex.com',
    phones: [],
  },
});
