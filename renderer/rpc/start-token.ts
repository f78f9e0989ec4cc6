import { startTokenPattern } from '../../electron/contract/rpc/loopback.ts';

const storageKey = 'wheelhouse.start-token';

/**
 * The token of the loopback host: taken from the address (`#TOKEN`) and at once removed from it, so that it is neither seen
 * over a shoulder nor kept in the history, then kept for this tab so that a reload works.
 */
export function takeStartToken(): string | undefined {
  const given = tokenInAddress();
  if (given === undefined) return sessionStorage.getItem(storageKey) ?? undefined;
  sessionStorage.setItem(storageKey, given);
  history.replaceState(null, '', `${location.pathname}${location.search}`);
  return given;
}

/** Loads the page anew when the address of a newer start is put into this tab: only its `#` differs, so the browser would not. */
export function watchForNewerToken(): void {
  window.addEventListener('hashchange', () => {
    if (tokenInAddress() === undefined) return;
    takeStartToken();
    location.reload();
  });
}

function tokenInAddress(): string | undefined {
  const text = location.hash.slice(1);
  return startTokenPattern.test(text) ? text : undefined;
}
