import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * One supervisor a data directory. The kernel frees the lock with the process, also when it is killed. Returns the release;
 * throws a sentence when another supervisor holds it.
 */
export function lockInstallation(root: string): () => void {
  const holder = new DatabaseSync(join(root, 'staging.lock'));
  try {
    holder.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch {
    holder.close();
    throw new Error(`another staging is already running in ${root}: stop it, or choose another --data-dir.`);
  }
  return () => holder.close();
}
