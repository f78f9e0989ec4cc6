import { pageSecurityPolicy } from '../assembly/page-rules.ts';

/** The page's rules on this host; its WebSocket is the only other place it may connect to. `host` has passed the request gate. */
export function securityPolicy(host: string): string {
  return pageSecurityPolicy(`ws://${host}`);
}

/** Headers of every answer, refusals included. */
export function commonHeaders(host: string): Record<string, string> {
  return {
    'content-security-policy': securityPolicy(host),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=()',
  };
}
