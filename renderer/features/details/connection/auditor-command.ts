/** One word for a POSIX shell, whatever is in it. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * The command that lets an account see everything and change nothing, to be run as root on a PVE node. A token needs the
 * right itself: privilege separation gives it none of its user's. Undefined while the account is not known.
 */
export function auditorCommand(account: string): string | undefined {
  if (account === '') return undefined;
  const kind = account.includes('!') ? '--tokens' : '--users';
  return `pveum acl modify / ${kind} ${shellWord(account)} --roles PVEAuditor`;
}
