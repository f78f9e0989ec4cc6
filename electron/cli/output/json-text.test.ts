import { describe, expect, it } from 'vitest';
import { jsonText } from './json-text.ts';

describe('JSON for a terminal', () => {
  it('says the same and holds nothing that a terminal obeys', () => {
    const name = 'web\u001b[2J\u009b31m\u202egpj.exe\u2066\u007f "ü" 🚀';
    const text = jsonText({ name }, 2);
    expect(JSON.parse(text)).toEqual({ name });
    expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u);
    expect(text).toContain('"web\\u001b[2J\\u009b31m\\u202egpj.exe\\u2066\\u007f \\"ü\\" 🚀"');
  });
});
