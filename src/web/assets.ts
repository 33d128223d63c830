import { createHash } from 'node:crypto';
import type { Env, Hono } from 'hono';
import { APP_SCRIPT } from '../../views/app-script.ts';
import { ICON } from '../../views/icon.ts';
import type { AssetPaths } from '../../views/layout.ts';
import { SETUP_SCRIPT } from '../../views/setup-script.ts';
import { STYLE } from '../../views/style.ts';

const FOREVER = 'public, max-age=31536000, immutable';

interface Asset {
  readonly path: string;
  readonly type: string;
  readonly text: string;
}

const style = asset('style', 'css', 'text/css', STYLE);
const script = asset('app', 'js', 'text/javascript', APP_SCRIPT);
const setupScript = asset('setup', 'js', 'text/javascript', SETUP_SCRIPT);
const icon = asset('icon', 'svg', 'image/svg+xml', ICON);

/** The addresses that pages link to; each changes with its content, so that browsers may keep them for ever. */
export const ASSET_PATHS: AssetPaths = {
  style: style.path,
  script: script.path,
  setupScript: setupScript.path,
  icon: icon.path,
};

export function addAssets<E extends Env>(app: Hono<E>): void {
  for (const { path, type, text } of [style, script, setupScript, icon]) {
    app.get(path, (c) =>
      c.body(text, 200, { 'content-type': `${type}; charset=utf-8`, 'cache-control': FOREVER }),
    );
  }
}

function asset(name: string, extension: string, type: string, text: string): Asset {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return { path: `/${name}.${hash}.${extension}`, type, text };
}
