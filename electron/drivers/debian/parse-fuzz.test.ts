import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAppError } from '../../contract/errors.ts';
import type { EntityId } from '../../contract/ids.ts';
import { hostRecording, recordedMark } from '../../testing/replayed-host.ts';
import { splitSections, splitVirshOutput } from './host/sections.ts';
import { toDomainDetails } from './libvirt/map/details.ts';
import { parseDomainAddresses } from './libvirt/parse/addresses.ts';
import { parseDomainXml } from './libvirt/parse/domain-xml.ts';
import { hintFromEventLine, hintFromMonitorLine } from './libvirt/parse/event-line.ts';
import { parseXml } from './libvirt/parse/xml-tree.ts';
import { toContainerDetails } from './lxc/map/details.ts';
import { readMovingFacts, readSeldomFacts } from './read-host.ts';

const id = 'lab/guest/qemu:x' as EntityId;
const seed = 20_261_123;

/** What can happen to a text on its way: cut off, a stretch lost, doubled, replaced by noise. */
const damage = (text: string) =>
  fc
    .tuple(
      fc.constantFrom('cut', 'drop', 'double', 'noise'),
      fc.nat(text.length),
      fc.nat(200),
      fc.string({ unit: 'binary', maxLength: 30 }),
    )
    .map(([kind, at, length, noise]) => {
      const end = Math.min(text.length, at + length);
      if (kind === 'cut') return text.slice(0, at);
      if (kind === 'drop') return text.slice(0, at) + text.slice(end);
      if (kind === 'double') return text.slice(0, end) + text.slice(at);
      return text.slice(0, at) + noise + text.slice(end);
    });

/** Reading either works or says `remote.unintelligible` with an excerpt; anything else is a crash. */
function readsOrSays(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!isAppError(error, 'remote.unintelligible')) throw error;
    if (error.data.excerpt.length > 300) throw new RangeError('the excerpt is too long', { cause: error });
  }
}

const readers: readonly (readonly [string, (text: string) => unknown])[] = [
  [
    'full',
    (text) => {
      const sections = splitSections(text, recordedMark, 'full');
      return [readMovingFacts(sections, recordedMark), readSeldomFacts(sections, recordedMark)];
    },
  ],
  ['status', (text) => readMovingFacts(splitSections(text, recordedMark, 'status'), recordedMark)],
  [
    'domain',
    (text) => {
      const sections = splitSections(text, recordedMark, 'domain');
      const parts = splitVirshOutput(sections.get('domain')?.stdout ?? '', recordedMark);
      return toDomainDetails({ id, readAtMs: 0, parts, agent: sections.get('agent') });
    },
  ],
  ['odd-container', (text) => toContainerDetails(id, 0, splitSections(text, recordedMark, 'container'))],
];

describe('damaged answers of a host', () => {
  for (const version of [12, 13]) {
    it.each(readers)(`never crash a reader: Debian ${version}, %s`, (name, read) => {
      const recorded = hostRecording(`debian-${version}-${name}`);
      read(recorded);
      fc.assert(
        fc.property(damage(recorded), (text) => readsOrSays(() => read(text))),
        { seed, numRuns: 300 },
      );
    });
  }

  it('never crash the readers of single texts, whatever they hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        readsOrSays(() => parseXml(text, 'x'));
        readsOrSays(() => parseXml(`<domain>${text}</domain>`, 'x'));
        parseDomainAddresses(text, 'agent');
        hintFromEventLine(text);
        hintFromMonitorLine(text);
      }),
      { seed, numRuns: 500 },
    );
  });
});

describe('absurd XML', () => {
  const unintelligible = (text: string) => {
    let caught: unknown;
    try {
      parseDomainXml(text);
    } catch (error) {
      caught = error;
    }
    return isAppError(caught, 'remote.unintelligible');
  };

  it('is refused: entities of its own, external ones, cut off, empty, huge, nested without end', () => {
    const bomb = '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><domain><name>&b;</name></domain>';
    const outside = '<!DOCTYPE d SYSTEM "file:///etc/passwd"><domain/>';
    const huge = `<domain><name>${'x'.repeat(5 * 1024 * 1024)}</name></domain>`;
    const deep = `<domain>${'<a>'.repeat(500)}${'</a>'.repeat(500)}</domain>`;
    expect([bomb, outside, '<domain><name>x', '', 'error: no', huge, deep].map(unintelligible)).toEqual(
      Array.from({ length: 7 }, () => true),
    );
  });

  it('is survived: no devices, names that JavaScript knows, entities of all sorts', () => {
    expect(parseDomainXml('<domain/>').hardware.length).toBe(4);
    expect(unintelligible('<domain><__proto__ x="1"/><constructor/></domain>')).toBe(true);
    expect(({} as { readonly x?: unknown }).x).toBeUndefined();
    expect(parseXml('<a b="&#x1F600;&amp;&unknown;">&lt;&#60;</a>', 'x')).toMatchObject({
      attributes: new Map([['b', '😀&&unknown;']]),
      text: '<<',
    });
  });
});
