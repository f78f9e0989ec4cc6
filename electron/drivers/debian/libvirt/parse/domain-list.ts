import { unintelligible } from '../../host/sections.ts';

const uuidLine = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\s+(.*?))?\s*$/;

/** A domain as `virsh list --all --uuid --name` tells it. */
export interface ListedDomain {
  readonly uuid: string;
  readonly name: string;
}

/** Reads `virsh list --all --uuid --name`: UUID, blank, name to the end of the line (names hold blanks, never newlines). */
export function parseDomainList(text: string): readonly ListedDomain[] {
  return nonEmptyLines(text).map((line) => {
    const [, uuid, name] = uuidLine.exec(line) ?? [];
    if (uuid === undefined || name === undefined || name === '') throw unintelligible('virsh list', line);
    return { uuid, name };
  });
}

/** Reads a list of UUIDs, one a line. */
export function parseUuidList(text: string, command: string): ReadonlySet<string> {
  return new Set(
    nonEmptyLines(text).map((line) => {
      const uuid = uuidLine.exec(line)?.[1];
      if (uuid === undefined) throw unintelligible(command, line);
      return uuid;
    }),
  );
}

/** Whether a text is a UUID as libvirt prints it; only such texts are ever handed to virsh. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}

function nonEmptyLines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}
