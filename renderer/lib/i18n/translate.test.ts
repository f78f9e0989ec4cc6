import { describe, expect, it } from 'vitest';
import { catalogues, resolveLanguage, type MessageKey } from './catalogue.ts';
import { createI18n } from './i18n-context.tsx';
import type { Message } from './message-types.ts';

const namesIn = (message: Message): readonly string[] => {
  const texts = typeof message === 'string' ? [message] : [message.one, message.other];
  return [...new Set(texts.flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '')))].sort();
};

describe('the message catalogue', () => {
  it('fills parameters, writes numbers in the user’s format and chooses the plural form', () => {
    const en = createI18n('en');
    const de = createI18n('de');
    expect(en.t('status.guests', { count: 1 })).toBe('1 guest');
    expect(en.t('status.guests', { count: 12_345 })).toBe('12,345 guests');
    expect(de.t('status.guests', { count: 12_345 })).toBe('12.345 Gäste');
    expect(en.t('tabs.close', { name: '<b>{name}</b> "x"' })).toBe('Close <b>{name}</b> "x"');
  });

  it('names the same parameters in every language', () => {
    const keys = Object.keys(catalogues.en) as MessageKey[];
    const differing = keys.filter(
      (key) => JSON.stringify(namesIn(catalogues.en[key])) !== JSON.stringify(namesIn(catalogues.de[key])),
    );
    expect(differing).toEqual([]);
  });

  it('has no empty text', () => {
    const texts = Object.values(catalogues).flatMap((catalogue) => Object.values<Message>(catalogue));
    const empty = texts.filter((text) => (typeof text === 'string' ? text : text.one && text.other).trim() === '');
    expect(empty).toEqual([]);
  });

  it('takes the first wanted language that it has', () => {
    expect(resolveLanguage(['fr-FR', 'de-AT', 'en'])).toBe('de');
    expect(resolveLanguage(['fr'])).toBe('en');
  });
});

describe('a name in a sentence', () => {
  it('cannot turn the rest of the sentence around', () => {
    const { t } = createI18n('en');
    expect(t('power.confirm', { action: 'Stop', object: 'a\u202eb' })).toBe('Stop \u2068a\u202eb\u2069');
    expect(t('power.confirm', { action: 'Stop', object: 'web-01' })).toBe('Stop web-01');
  });
});

describe('the formats', () => {
  it('writes sizes in IEC units, shares, and ages with two parts', () => {
    const { f } = createI18n('en');
    const de = createI18n('de').f;
    expect([f.bytes(0), f.bytes(1536), f.bytes(34_359_738_368), f.compactBytes(1.5 * 1024 ** 3)]).toEqual([
      '0\u00a0B',
      '1.5\u00a0KiB',
      '32\u00a0GiB',
      '1.5G',
    ]);
    expect([f.percent(0), f.percent(0.004), f.percent(0.413), f.wholePercent(0.996)]).toEqual([
      '0%',
      '0.4%',
      '41%',
      '100%',
    ]);
    expect([f.duration(500), f.duration(65_000), f.duration(41 * 86_400_000 + 3 * 3_600_000)]).toEqual([
      '0\u00a0s',
      '1\u00a0min 5\u00a0s',
      '41\u00a0d 3\u00a0h',
    ]);
    expect([de.percent(0.004), de.wholePercent(0.41)]).toEqual(['0,4\u00a0%', '41%']);
    expect(de.bytes(1536)).toBe('1,5\u00a0KiB');
  });
});
