const ADMIN_NAME = /^[\p{L}\p{N}][\p{L}\p{N}._@ -]{0,63}$/u;

/** What an administrator may be called: 1 to 64 letters, digits, spaces or . _ @ - */
export function isAdminName(name: string): boolean {
  return ADMIN_NAME.test(name);
}
