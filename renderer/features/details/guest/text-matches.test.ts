import { describe, expect, it } from 'vitest';
import { auditorCommand } from '../connection/auditor-command.ts';
import { findMatches, splitByMatch } from './text-matches.ts';

describe('searching a configuration', () => {
  it('finds every place, whatever the case, without overlaps', () => {
    expect(findMatches('aaAa <disk> aa', 'AA')).toEqual([0, 2, 12]);
    expect(findMatches('text', '')).toEqual([]);
  });

  it('cuts a text into parts that make the text again', () => {
    const text = '<disk type="file"/> Disk';
    const parts = splitByMatch(text, 'disk');
    expect(parts.map((part) => part.text).join('')).toBe(text);
    expect(parts.filter((part) => part.isMatch).map((part) => part.text)).toEqual(['disk', 'Disk']);
  });

  it('marks nothing in a text whose lower case has another length', () => {
    expect(splitByMatch('İdisk', 'disk')).toEqual([{ text: 'İdisk', isMatch: false }]);
  });
});

describe('the command that grants the auditor role', () => {
  it('names a token as a token, because it has no rights of its user', () => {
    expect(auditorCommand('root@pam!desk')).toBe("pveum acl modify / --tokens 'root@pam!desk' --roles PVEAuditor");
    expect(auditorCommand('ann@pve')).toBe('pveum acl modify / --users ann@pve --roles PVEAuditor');
  });

  it('quotes what a shell would read otherwise, and is absent while the account is not known', () => {
    expect(auditorCommand("o'neil; reboot@pve")).toBe(
      "pveum acl modify / --users 'o'\\''neil; reboot@pve' --roles PVEAuditor",
    );
    expect(auditorCommand('')).toBeUndefined();
  });
});
