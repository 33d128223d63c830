import { readBody } from '../html-text.ts';
import type { Invitation } from '../join-target/invitation.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * An event as Microsoft Graph sends it: alone, as the first of a list, or inside a meeting request. Null for what is none of these.
 * Only what says how to join is looked at, so that a shortened copy is read too.
 */
export function readGraphJson(text: string): Invitation | null {
  const event = eventIn(parsed(text));
  if (event === null) return null;
  const body = objectOf(event.body);
  const locations = [objectOf(event.location), ...listOf(event.locations).map(objectOf)];
  const contentType = textOf(body?.contentType).toLowerCase() === 'text' ? 'text' : 'html';
  return {
    onlineMeeting: [textOf(objectOf(event.onlineMeeting)?.joinUrl), textOf(event.onlineMeetingUrl)].filter(
      (one) => one !== '',
    ),
    locations: [...new Set(locations.flatMap(placeTexts))],
    bodies: [
      body === null
        ? readBody('text', textOf(event.bodyPreview))
        : readBody(contentType, textOf(body.content)),
    ],
  };
}

/** The texts of a place: its name, its link, and the id that may be the one or the other. */
export function placeTexts(place: Json | null): string[] {
  const texts = [place?.displayName, place?.locationUri, place?.uniqueId].map(textOf);
  return [...new Set(texts.filter((one) => one !== ''))];
}

function eventIn(json: unknown): Json | null {
  const root = objectOf(Array.isArray(json) ? json[0] : json);
  const first = root === null ? null : objectOf(listOf(root.value)[0]);
  const inside = first ?? root;
  const event = objectOf(inside?.event) ?? inside;
  const known = [
    'body',
    'location',
    'locations',
    'onlineMeeting',
    'onlineMeetingUrl',
    'subject',
    'bodyPreview',
  ];
  return event !== null && known.some((name) => name in event) ? event : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    return null;
  }
}

function objectOf(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
