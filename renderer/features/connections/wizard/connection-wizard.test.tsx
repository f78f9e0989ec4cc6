import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import type { ProbeResult } from '../../../../electron/contract/connection-settings.ts';
import type { ContractClient } from '../../../../electron/contract/rpc/table.ts';
import { AppStoresProvider, createAppStores } from '../../../stores/app-stores.tsx';
import { ConnectionWizard } from './connection-wizard.tsx';
import { emptyDraft } from './wizard-draft.ts';

afterEach(cleanup);

const probe: ProbeResult = {
  host: 'pve1',
  pve: {
    found: true,
    port: 8006,
    certificate: {
      fingerprint: 'AA:BB',
      subject: 'CN=pve1',
      issuer: 'CN=pve1',
      validFromMs: 0,
      validToMs: 4_000_000_000_000,
      isSelfSigned: true,
    },
    realms: [{ realm: 'pam', type: 'pam', comment: 'Linux', isDefault: true }],
  },
  ssh: { found: false },
};

/** The wizard over a core that answers one probe; what was asked of it is kept. */
function open(): { readonly asked: string[] } {
  const asked: string[] = [];
  const client = {
    stream: () => ({ dispose: () => undefined }),
    request: (name: string) => {
      asked.push(name);
      return name === 'connection.probe' ? Promise.resolve(probe) : new Promise(() => undefined);
    },
  } as unknown as ContractClient;
  render(
    <AppStoresProvider stores={createAppStores(client)}>
      <ConnectionWizard initial={emptyDraft} />
    </AppStoresProvider>,
  );
  return { asked };
}

const press = (name: string): void => {
  fireEvent.click(screen.getByRole('button', { name }));
};
const look = async (): Promise<void> => {
  fireEvent.change(screen.getByRole('textbox', { name: 'Host' }), { target: { value: 'pve1' } });
  press('Look');
  await screen.findByRole('button', { name: /^Proxmox VE API on port 8006/ });
};

describe('the wizard', () => {
  it('says what answers, chooses it, and says in words that something was not looked for', async () => {
    const { asked } = open();
    await look();
    expect(screen.getByText('No SSH: it was not looked for.')).toBeDefined();
    const choice = screen.getByRole('button', { name: /^Proxmox VE API on port 8006/ });
    expect(choice.getAttribute('aria-pressed')).toBe('true');
    expect(asked).toEqual(['connection.probe']);
  });

  it('does not go on before the identity is trusted, and sends no secret until then', async () => {
    const { asked } = open();
    await look();
    press('Continue');
    expect(screen.getByText('AA:BB')).toBeDefined();
    press('Continue');
    expect(screen.getByText('Compare it, then say that you trust it.')).toBeDefined();
    expect(screen.queryByRole('heading', { name: 'Sign-in' })).toBeNull();
    expect(asked).toEqual(['connection.probe']);
  });

  it('keeps what was typed when one goes back', async () => {
    open();
    await look();
    press('Continue');
    press('Back');
    expect(screen.getByRole('textbox', { name: 'Host' })).toHaveProperty('value', 'pve1');
  });
});
