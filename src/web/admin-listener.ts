import { type Context, Hono } from 'hono';
import { auditPage } from '../../views/audit.ts';
import { egressPage } from '../../views/egress.ts';
import type { SignedInView } from '../../views/layout.ts';
import { signInPage } from '../../views/sign-in.ts';
import { statusMain, statusPage } from '../../views/status.ts';
import type { AuditActor, AuditEntry } from '../domain/audit.ts';
import type { EgressHost } from '../domain/egress.ts';
import { INGEST_PROFILE } from '../domain/ingest-profile.ts';
import type { JoinRules } from '../domain/join-target/join-source.ts';
import type { HealthFacts } from '../domain/status.ts';
import { ASSET_PATHS, addAssets } from './assets.ts';
import { explainInvitation, showExplainForm } from './explain.ts';
import { sameOriginOnly, securityHeaders } from './guard.ts';
import { healthDocument, healthStatus } from './health.ts';
import { isLocal } from './local-only.ts';
import { onProblem, problem } from './problem.ts';
import { Sessions, type SessionsDeps } from './sessions.ts';
import { Setup, type SetupDeps } from './setup.ts';
import { SignIn, type SignInDeps } from './sign-in.ts';
import { SignInLimits } from './sign-in-limits.ts';
import { type FeedDeps, pageMark, StatusFeed } from './status-feed.ts';

export interface AdminDeps extends SessionsDeps, SignInDeps, Omit<SetupDeps, 'passwordSet'>, FeedDeps {
  readonly health: () => HealthFacts;
  /** Tries a mailbox now instead of at its next turn; false when there is none of this number. */
  readonly retryMailbox: (id: number, actor: AuditActor) => boolean;
  /** Told of who signs out, for the audit log, before it is answered. */
  readonly signedOut: (actor: AuditActor) => void;
  /** The last rows of the audit log, the newest first. */
  readonly auditLog: () => readonly AuditEntry[];
  /** How join targets are recognised. */
  readonly joinRules: () => JoinRules;
  /** Every host that may be connected to, and how much it was used. */
  readonly egress: () => readonly EgressHost[];
  /** The text that Prometheus reads. */
  readonly metrics: () => Promise<string>;
  /** Can notifications be taken? An upstream's outage does not make it false (reference: engineering.md C.5). */
  readonly ready: () => boolean;
}

/** What the listening socket tells the app about a request. */
export interface AdminEnv {
  readonly remoteAddress?: string;
}

/** The admin listener's answers. */
export interface AdminApp {
  /** The sign-in limits count by the remote address, and who asks from this machine may read health and metrics. */
  readonly fetch: (request: Request, env: AdminEnv) => Response | Promise<Response>;
  /** The sessions of an administrator were ended elsewhere: their event streams end too. */
  readonly endStreamsOf: (admin: string) => void;
  /** Ends all event streams, so that the listener can drain. */
  readonly close: () => void;
}

type App = Hono<{ Bindings: AdminEnv }>;

/** The status page behind a sign-in; health, metrics, the ingest profile and the set-up page in front of it. */
export function adminApp(deps: AdminDeps): AdminApp {
  const app: App = new Hono<{ Bindings: AdminEnv }>();
  const sessions: Sessions = new Sessions(deps, (tokenHash) => feed.endSession(tokenHash));
  const feed = new StatusFeed(deps, (tokenHash) => sessions.look(tokenHash));
  app.use(securityHeaders(), sameOriginOnly());
  addHealth(app, deps, sessions);
  addAssets(app);
  addSignIn(app, deps, sessions);
  addSetup(app, new Setup({ ...deps, passwordSet: (name) => feed.endSessionsOf(name) }, sessions));
  addStatus(app, deps, sessions, feed);
  addExplain(app, deps, sessions);
  addEgress(app, deps, sessions);
  addAudit(app, deps, sessions);
  // For whoever writes the cloud side, who seldom has an account here; there is nothing of this installation in it.
  app.get('/ingest-profile.json', (c) => c.json(INGEST_PROFILE));
  app.notFound((c) => c.body(null, 404));
  app.onError(onProblem((error) => deps.fault(error)));
  return {
    fetch: (request, env) => app.fetch(request, env),
    endStreamsOf: (admin) => feed.endSessionsOf(admin),
    close: () => feed.close(),
  };
}

function addHealth(app: App, deps: AdminDeps, sessions: Sessions): void {
  const signedIn = (c: Context): boolean => sessions.current(c, false) !== null;
  app.get('/livez', (c) => c.text('ok'));
  app.get('/readyz', (c) => (deps.ready() ? c.text('ok') : c.text('not ready', 503)));
  app.get('/healthz', (c) => {
    const version = signedIn(c);
    if (!version && !isLocal(c, addressOf(c))) return refuseStranger(c);
    const facts = deps.health();
    const document = healthDocument(facts, { version, verbose: c.req.query('verbose') !== undefined });
    return c.body(JSON.stringify(document), healthStatus(facts), {
      'content-type': 'application/health+json',
    });
  });
  app.get('/metrics', async (c) => {
    if (!signedIn(c) && !isLocal(c, addressOf(c))) return refuseStranger(c);
    return c.body(await deps.metrics(), 200, {
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
    });
  });
}

function refuseStranger(c: Context): Response {
  return problem(c, 401, 'SIGN_IN_NEEDED', 'Ask from the machine of the appliance itself, or sign in.');
}

function addSignIn(app: App, deps: AdminDeps, sessions: Sessions): void {
  const signIn = new SignIn(deps, sessions, new SignInLimits(deps.clock));
  app.get('/sign-in', (c) => {
    if (sessions.current(c, true) !== null) return c.redirect('/', 303);
    const noAdmin = !deps.admins.any();
    return c.html(signInPage({ assets: ASSET_PATHS, lab: deps.lab, problem: null, waitMs: 0, noAdmin }));
  });
  app.post('/sign-in', (c) => signIn.submit(c, addressOf(c)));
  app.post('/sign-out', (c) => {
    const who = sessions.current(c, false);
    sessions.end(c);
    if (who !== null) deps.signedOut({ who, from: addressOf(c) });
    return c.redirect('/sign-in', 303);
  });
}

function addSetup(app: App, setup: Setup): void {
  app.get('/setup', (c) => setup.show(c));
  app.post('/setup', (c) => setup.submit(c, addressOf(c)));
}

function addExplain(app: App, deps: AdminDeps, sessions: Sessions): void {
  app.get('/explain', (c) => {
    const admin = sessions.current(c, true);
    return admin === null ? c.redirect('/sign-in', 303) : showExplainForm(c, viewFor(deps, admin));
  });
  app.post('/explain', async (c) => {
    const admin = sessions.current(c, true);
    if (admin === null) return c.redirect('/sign-in', 303);
    return await explainInvitation(c, viewFor(deps, admin), deps.joinRules());
  });
}

function addEgress(app: App, deps: AdminDeps, sessions: Sessions): void {
  app.get('/egress', (c) => {
    const admin = sessions.current(c, true);
    if (admin === null) return c.redirect('/sign-in', 303);
    return c.html(egressPage({ ...viewFor(deps, admin), now: deps.clock.now(), hosts: deps.egress() }));
  });
}

function addAudit(app: App, deps: AdminDeps, sessions: Sessions): void {
  app.get('/audit', (c) => {
    const admin = sessions.current(c, true);
    if (admin === null) return c.redirect('/sign-in', 303);
    return c.html(auditPage({ ...viewFor(deps, admin), now: deps.clock.now(), entries: deps.auditLog() }));
  });
}

function addStatus(app: App, deps: AdminDeps, sessions: Sessions, feed: StatusFeed): void {
  app.get('/', async (c) => {
    const admin = sessions.current(c, true);
    if (admin === null) return c.redirect('/sign-in', 303);
    const facts = await deps.status();
    return c.html(statusPage({ ...viewFor(deps, admin), facts, mark: pageMark(facts) }));
  });
  app.post('/mailboxes/:id{[0-9]{1,15}}/retry', (c) => {
    const who = sessions.current(c, true);
    if (who === null) return c.redirect('/sign-in', 303);
    return deps.retryMailbox(Number(c.req.param('id')), { who, from: addressOf(c) })
      ? c.redirect('/', 303)
      : c.body(null, 404);
  });
  // The page asks by itself for these two: that is no sign of a person, so the idle time runs on.
  app.get('/status-fragment', async (c) => {
    if (sessions.current(c, false) === null) return c.body(null, 401);
    const facts = await deps.status();
    return c.html(statusMain(facts, pageMark(facts)));
  });
  app.get('/events', (c) => {
    const session = sessions.standing(c);
    if (session === null) return c.body(null, 401);
    const headers = { 'content-type': 'text/event-stream; charset=utf-8' };
    // A HEAD is answered by this same function, and nobody would ever end its stream.
    if (c.req.raw.method === 'HEAD') return c.body(null, 200, headers);
    const stream = feed.open(session, c.req.query('mark') ?? '');
    return stream === null ? c.body(null, 503, { 'retry-after': '5' }) : c.body(stream, 200, headers);
  });
}

function viewFor({ lab }: AdminDeps, admin: string): SignedInView {
  return { assets: ASSET_PATHS, lab, admin };
}

function addressOf(c: Context<{ Bindings: AdminEnv }>): string {
  return c.env?.remoteAddress ?? '';
}
