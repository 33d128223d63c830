import type { Meeting } from '../../src/domain/meeting.ts';

const NOTES = `Agenda
1. Figures of the last quarter, with the corrections that came in from the regions since Monday
2. What we want to be true in the spring, and what we would have to give up for it
3. Hiring: two offers are out, one answer is due on Friday
4. Any other business

Please read the attached paper before the meeting; we will not go through it line by line. Those who join from the road can
dial in with the number below, and whoever can't come sends their comments to the organiser by noon.

Join the Webex meeting
https://nordwind.webex.com/meet/astrid.lindqvist
Join from a video system: astrid.lindqvist@nordwind.webex.com`;

/** A meeting as they are: an agenda, a join address and five people. About 2 kB in canonical form. */
export const SAMPLE_MEETING: Meeting = {
  subject: 'Quarterly review and plan for the spring',
  location: 'https://nordwind.webex.com/meet/astrid.lindqvist; Room Aurora, second floor',
  notes: NOTES,
  organizer: { name: 'Astrid Lindqvist', address: 'astrid.lindqvist@nordwind.example' },
  participants: ['Bruno Almeida', 'Chidi Okafor', 'Dana Levi', 'Greta Baumann', 'Hana Mori'].map((name) => ({
    name,
    address: `${name.toLowerCase().replace(' ', '.')}@nordwind.example`,
    type: 'required',
    response: 'accepted',
  })),
  joinTarget: {
    provider: 'webex',
    url: 'https://nordwind.webex.com/meet/astrid.lindqvist',
    sip: 'astrid.lindqvist@nordwind.webex.com',
    source: 'location',
  },
  iCalUId: '040000008200E00074C5B7101A82E00800000000B0D3C2F1A55CDC010000000000000000100000007D1F',
  seriesId:
    'AAkALgAAAAAAHYQDEapmEc2byACqAC-EWg0AXb0V7Qm1bkK2nUqk5uYd0gABfX3h7wAAXb0V7Qm1bkK2nUqk5uYd0gABfX5a',
  isRecurring: false,
  isAllDay: false,
  hasAttachments: true,
  sensitivity: 'normal',
  startAt: Date.UTC(2026, 10, 25, 9),
  endAt: Date.UTC(2026, 10, 25, 10),
};
