/** Keys whose values never belong in a log. `pass` alone does not: listings have passes. */
const secretKey =
  /passw|passphrase|secret|token|ticket|cookie|authorization|csrf|otp|private.?key|credential|recovery.?key/i;
/** Sign-in texts of PVE wherever they turn up: tickets (`PVE:user@realm:time::signature`), API tokens, and private keys. */
const secretText =
  /PVE(?:VNC|TFA|SSL)?:[^\s:]*:[0-9A-F]{8}:[^\s"']*|PVEAPIToken=\S+|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*/g;
const replacement = '[redacted]';
const maxDepth = 6;
const maxTextLength = 4000;
const maxItems = 100;

/**
 * A copy of log fields that is safe to write: values of secret-looking keys and known secret texts are replaced, long texts
 * and lists cut off. The second net; the first is that nobody logs a secret.
 */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= maxDepth) return '[deeper]';
  if (value instanceof Error) return redactError(value, depth);
  if (Array.isArray(value)) return value.slice(0, maxItems).map((item: unknown) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, maxItems)
      .map(([key, item]) => [key, secretKey.test(key) ? replacement : redact(item, depth + 1)]),
  );
}

function redactText(text: string): string {
  const cut = text.length > maxTextLength ? `${text.slice(0, maxTextLength)}…` : text;
  return cut.replaceAll(secretText, replacement);
}

function redactError(error: Error, depth: number): unknown {
  return {
    name: error.name,
    message: redactText(error.message),
    ...('code' in error ? { code: redact(error.code, depth + 1) } : {}),
    ...('data' in error ? { data: redact(error.data, depth + 1) } : {}),
    ...(error.stack === undefined ? {} : { stack: redactText(error.stack) }),
  };
}
