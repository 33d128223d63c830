import { type Context, Hono } from 'hono';
import { signInPage } from '../../views/sign-in.ts';
import { statusMain, statusPage } from '../../views/status.ts';
import type { Clock, Random } from '../domain/ports.ts';
import type { StatusFacts } from '../domain/status.ts';
import { ASSET_PATHS, addAssets } from './assets.ts';
import { sameOriginOnly, securityHeaders } from './guard.ts';
import { onProblem } from './problem.ts';
import { type SessionStore, Sessions } from './sessions.ts';
import { SignIn, type SignInDeps } from './sign-in.ts';
import { SignInLimits } from './sign-in-limits.ts';

export interface AdminDeps extends SignInDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly sessions: SessionStore;
  status(): Promise<StatusFacts>;
  /** Can notifications be taken? An upstream's outage does not make it false (reference: engineering.md C.5). */
  ready(): boolean;
  /** Told of faults that are nobody's expected outcome; the answer says nothing of them. */
  fault(error: unknown): void;
}

/** What the listening socket tells the app about a request. */
export interface AdminEnv {
  readonly remoteAddress?: string;
}

/**
 * The status page behind a sign-in, and the health answers in front of it. Call `app.fetch(request, { remoteAddress })`: the
 * sign-in limits count by that address.
 */
export function adminApp(deps: AdminDeps): Hono<{ Bindings: AdminEnv }> {
  const app = new Hono<{ Bindings: AdminEnv }>();
  const sessions = new Sessions(deps);
  app.use(securityHeaders(), sameOriginOnly());
  addHealth(app, deps);
  addAssets(app);
  addSignIn(app, deps, sessions);
  addStatus(app, deps, sessions);
  app.notFound((c) => c.body(null, 404));
  app.onError(onProblem((error) => deps.fault(error)));
  return app;
}

type App = Hono<{ Bindings: AdminEnv }>;

function addHealth(app: App, deps: AdminDeps): void {
  app.get('/livez', (c) => c.text('ok'));
  app.get('/readyz', (c) => (deps.ready() ? c.text('ok') : c.text('not ready', 503)));
}

function addSignIn(app: App, deps: AdminDeps, sessions: Sessions): void {
  const signIn = new SignIn(deps, sessions, new SignInLimits(deps.clock));
  app.get('/sign-in', (c) =>
    sessions.current(c, true) === null
      ? c.html(signInPage({ assets: ASSET_PATHS, problem: null, waitMs: 0 }))
      : c.redirect('/', 303),
  );
  app.post('/sign-in', (c) => signIn.submit(c, addressOf(c)));
  app.post('/sign-out', (c) => {
    sessions.end(c);
    return c.redirect('/sign-in', 303);
  });
}

function addStatus(app: App, deps: AdminDeps, sessions: Sessions): void {
  app.get('/', async (c) => {
    const admin = sessions.current(c, true);
    if (admin === null) return c.redirect('/sign-in', 303);
    return c.html(statusPage({ assets: ASSET_PATHS, admin, facts: await deps.status() }));
  });
  app.get('/status-fragment', async (c) => {
    // The page asks by itself: that is no sign of a person, so the idle time runs on.
    if (sessions.current(c, false) === null) return c.body(null, 401);
    return c.html(statusMain(await deps.status()));
  });
}

function addressOf(c: Context<{ Bindings: AdminEnv }>): string {
  return c.env?.remoteAddress ?? '';
}
