/**
 * Keys are counted and renewed: how often each sealed, when its successor is made (null once there is one), and under which key an
 * address is sealed, and hashed what was asked of Webex. What is there already is renewed after 17 twentieths of its life.
 */
export const SQL = `
ALTER TABLE keys ADD COLUMN seals INTEGER NOT NULL DEFAULT 0;
ALTER TABLE keys ADD COLUMN renew_at INTEGER;
UPDATE keys SET renew_at = created_at + (seal_until - created_at) / 20 * 17 WHERE rowid IN (
  SELECT (SELECT rowid FROM keys AS k WHERE k.role = mine.role AND k.mailbox_id IS mine.mailbox_id
    ORDER BY k.created_at DESC, k.rowid DESC LIMIT 1)
  FROM keys AS mine);
CREATE INDEX keys_renewed ON keys (renew_at) WHERE renew_at IS NOT NULL;
CREATE INDEX keys_of_directory ON keys (created_at) WHERE role = 'directory';

ALTER TABLE mailboxes ADD COLUMN address_key TEXT NOT NULL DEFAULT '';
UPDATE mailboxes SET address_key = coalesce(
  (SELECT uri FROM keys WHERE role = 'directory' ORDER BY created_at, rowid LIMIT 1), '');
CREATE INDEX mailboxes_by_address_key ON mailboxes (address_key, id);

ALTER TABLE arrangements ADD COLUMN asked_key TEXT;
UPDATE arrangements SET asked_key = (SELECT uri FROM keys AS k WHERE k.mailbox_id = arrangements.mailbox_id AND k.renew_at IS NOT NULL)
  WHERE asked_hash IS NOT NULL;
`;
