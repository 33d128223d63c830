import { html } from 'hono/html';
import { text } from './messages.ts';
import type { Html } from './parts.ts';

/** Where the page's files are; each name carries a hash of its content. */
export interface AssetPaths {
  readonly style: string;
  readonly script: string;
  readonly setupScript: string;
  readonly icon: string;
}

/** What every page is told. */
export interface PageView {
  readonly assets: AssetPaths;
  /** The installation is a laboratory: every page says so in large letters (design D8). */
  readonly lab: boolean;
}

/** What every page behind the sign-in is told. */
export interface SignedInView extends PageView {
  /** Who is signed in. */
  readonly admin: string;
}

export interface PageParts {
  readonly title: string;
  readonly assets: AssetPaths;
  /** Extra members of the head. */
  readonly head: Html | null;
  readonly body: Html;
}

/** The frame of every page. */
export function page(parts: PageParts): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${parts.title}</title>
<link rel="icon" type="image/svg+xml" href="${parts.assets.icon}">
<link rel="stylesheet" href="${parts.assets.style}">
${parts.head}
</head>
<body>
<a class="skip" href="#main">${text('skip')}</a>
${parts.body}
</body>
</html>`;
}

/** The product's name beside its mark, and LAB where nothing is in production. */
export function brand(lab: boolean): Html {
  const badge = html`<strong class="lab" title="${text('labMeaning')}">${text('lab')}</strong>`;
  return html`<div class="brand"><svg class="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false"><rect x="2" y="4" width="28" height="26" rx="6"/><path d="M2 12.5h28" class="rule"/><path d="m10 20.5 4.5 4.5 8-8.5" class="tick"/></svg><h1>${text('product')}</h1>${lab ? badge : null}</div>`;
}

/** The bar above every page that leads back to the status. */
export function subPageHeader({ lab, admin }: SignedInView): Html {
  return html`<header class="top">
${brand(lab)}
<a class="about" href="/">${text('backToStatus')}</a>
<p class="about">${text('signedInAs', { name: admin })}</p>
<form method="post" action="/sign-out"><button class="plain">${text('signOut')}</button></form>
</header>`;
}
