/**
 * Makes a readable text of a reason phrase. PVE puts its error text there as UTF-8 and in some code paths encodes it
 * twice (recorded on 9.1.9: `Ã¼.iso` for `ü.iso`). A text that is a valid UTF-8 byte string once more is decoded once
 * more; every other text stays as it is.
 */
export function decodeDoubleUtf8(text: string): string {
  if (!/[\u0080-\u00ff]/.test(text) || /[^\u0020-\u00ff]/.test(text)) return text;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'latin1'));
  } catch {
    return text;
  }
}
