import type { AdminPart, ListenerDeps } from './appliance-admin.ts';
import { COMMAND_LINE } from './domain/audit.ts';
import { done, ended } from './domain/audit-facts.ts';
import { addMailbox } from './sync/add-mailbox.ts';
import { knownMailbox, openAddresses } from './sync/addresses.ts';
import { askRotation } from './sync/ask-rotation.ts';
import { setLead } from './sync/due-reminders.ts';
import { keyReport } from './sync/key-report.ts';
import { retryMailbox } from './sync/mailbox-health.ts';
import { askRemoval } from './sync/remove-mailbox.ts';
import { askResync } from './sync/resync.ts';
import { healthFacts } from './sync/status.ts';
import { askUndecoration } from './sync/undecorate.ts';
import { commandApp } from './web/command-socket.ts';

const NO_MAILBOX = { outcome: 'refused', reason: 'NO_SUCH_MAILBOX' } as const;
/** As many rows as a person reads. */
const MOST_TRACES = 200;

/** The command socket's answers. */
export function commandPart(parts: ListenerDeps, { app, setupLinks, trail }: AdminPart, adminUrl: string) {
  const { deps, events, identity } = parts;
  const { store, random, clock } = deps;
  return commandApp({
    random,
    fault: (error) => events.fault('WEB', error),
    addMailbox: (address, kind) =>
      trail.command(
        'mailbox.add',
        address,
        () => addMailbox(deps, address, kind),
        ({ id }) => ({ outcome: 'done', subject: { mailboxId: id } }),
      ),
    retryMailbox: async (address) => retryMailbox(deps, await knownMailbox(deps, address), COMMAND_LINE),
    removeMailbox: async (address) =>
      askRemoval(deps, await knownMailbox(deps, address), COMMAND_LINE) !== null,
    clock,
    findAdmin: (name) => store.read((r) => r.admin(name)),
    forgetMailbox: async (address) =>
      askRemoval(deps, await knownMailbox(deps, address), COMMAND_LINE, 'mailbox.forget'),
    exportMailbox: (address, admin) => trail.exportMailbox(address, admin),
    exportRefused: (reason, admin) => trail.exportRefused(reason, admin),
    auditHead: (first) => trail.export(first),
    auditRows: (first, limit) => trail.rows(first, limit),
    resyncMailbox: (address) =>
      trail.command(
        'mailbox.resync',
        address,
        async () => askResync(deps, address === null ? null : await knownMailbox(deps, address)),
        (isAsked) => (isAsked ? { outcome: 'done' } : NO_MAILBOX),
      ),
    resyncProgress: () => store.read((r) => r.resyncProgress()),
    setReminderLead: (address, leadMs) =>
      trail.command(
        'mailbox.set',
        address,
        async () => setLead(deps, await knownMailbox(deps, address), leadMs),
        (isSet) => (isSet ? { outcome: 'done' } : NO_MAILBOX),
      ),
    mailboxes: async () => {
      const addresses = await openAddresses(deps).catch(() => new Map<number, string>());
      return store
        .read((r) => r.mailboxes())
        .map((row) => ({ ...row, address: addresses.get(row.id) ?? null }));
    },
    traces: async (address, at) => {
      const mailboxId = await knownMailbox(deps, address);
      return store.read((r) =>
        r.mailbox(mailboxId) === null ? null : r.traceLines(mailboxId, at, MOST_TRACES),
      );
    },
    undecorate: async (address, dryRun) => {
      const mailboxId = address === null ? null : await knownMailbox(deps, address);
      const work = async (): Promise<number | null> =>
        mailboxId === 0 ? null : await askUndecoration(deps, mailboxId, dryRun);
      if (dryRun) return work();
      return trail.command('undecorate', address, work, (n) =>
        n === null ? NO_MAILBOX : { outcome: 'done' },
      );
    },
    keys: () => keyReport(deps),
    rotateKeys: (order) => trail.rotation(order, () => askRotation(deps, order)),
    setAdmin: async (name, passwordHash) => {
      store.write((w) => {
        w.putAdmin(name, passwordHash);
        w.deleteSessionsOf(name);
        const set = { actor: COMMAND_LINE, act: 'admin.set-password', subject: { about: name } } as const;
        w.addAudit(done(set, clock.now()));
      });
      app.endStreamsOf(name);
    },
    makeSetupLink: (reset) => {
      const token = setupLinks.make(reset);
      if (token === null) {
        const refused = { outcome: 'refused', reason: 'ADMIN_EXISTS' } as const;
        store.write((w) =>
          w.addAudit(ended({ actor: COMMAND_LINE, act: 'setup.link' }, clock.now(), refused)),
        );
        return null;
      }
      events.setupLink('made');
      return `${adminUrl}/setup#${token}`;
    },
    health: () => healthFacts(deps, identity),
    egress: parts.egress,
  });
}
