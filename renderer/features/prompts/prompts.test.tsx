import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import type { Prompt, PromptAnswer } from '../../../electron/contract/connection-settings.ts';
import type { ContractClient } from '../../../electron/contract/rpc/table.ts';
import { AppStoresProvider, createAppStores, type AppStores } from '../../stores/app-stores.tsx';
import { PromptDialogs } from './prompt-dialogs.tsx';

afterEach(cleanup);

interface Asked {
  readonly stores: AppStores;
  readonly stored: { secret: string; keep: string }[];
  readonly answers: { promptId: string; answer: PromptAnswer }[];
  show(prompts: readonly Prompt[]): void;
}

/** The window with questions, over a client that keeps what it is sent. */
function ask(...first: Prompt['question'][]): Asked {
  const stored: Asked['stored'] = [];
  const answers: Asked['answers'] = [];
  let show: (frame: { prompts: readonly Prompt[] }) => void = () => undefined;
  const client = {
    stream: (name: string, _input: unknown, onFrame: (frame: never) => void) => {
      if (name === 'prompt.watch') show = onFrame as typeof show;
      return { dispose: () => undefined };
    },
    request: (name: string, input: never) => {
      if (name === 'credentials.store') {
        stored.push(input);
        return Promise.resolve({ ref: `cred_${String(stored.length).padStart(16, '0')}` });
      }
      if (name === 'prompt.answer') answers.push(input);
      return Promise.resolve({});
    },
  } as unknown as ContractClient;
  const stores = createAppStores(client);
  stores.prompts.start();
  const asPrompt = (question: Prompt['question'], index: number): Prompt => ({
    promptId: `p${index}`,
    connectionName: 'North',
    question,
  });
  show({ prompts: first.map(asPrompt) });
  render(
    <AppStoresProvider stores={stores}>
      <PromptDialogs />
    </AppStoresProvider>,
  );
  return { stores, stored, answers, show: (prompts) => show({ prompts }) };
}

const type = (label: string | RegExp, value: string): void => {
  fireEvent.change(screen.getByLabelText(label), { target: { value } });
};
const press = (name: string | RegExp): void => {
  fireEvent.click(screen.getByRole('button', { name }));
};

describe('a question for a secret', () => {
  it('sends the secret once, by the one method, and answers with its reference', async () => {
    const asked = ask({ type: 'password', account: 'root@pam', again: false });
    type('Password', 'hunter2');
    press('Sign in');
    await expect
      .poll(() => asked.answers)
      .toEqual([{ promptId: 'p0', answer: { type: 'secrets', refs: ['cred_0000000000000001'], remember: false } }]);
    expect(asked.stored).toEqual([{ secret: 'hunter2', keep: 'once' }]);
    await expect.poll(() => screen.getByLabelText<HTMLInputElement>('Password').value).toBe('');
  });

  it('hides what is typed, and asks for nothing before something is typed', async () => {
    const asked = ask({ type: 'password', account: 'root@pam', again: false });
    expect(screen.getByLabelText('Password').getAttribute('type')).toBe('password');
    press('Sign in');
    expect(await screen.findByText('This is needed.')).toBeDefined();
    expect(asked.stored).toEqual([]);
  });

  it('names the kind of a second factor and never offers to keep a code', async () => {
    const asked = ask({ type: 'tfa', account: 'root@pam', kinds: ['totp'], recoveryKeysLeft: [], again: true });
    expect(screen.getByRole('alert').textContent).toContain('not accepted');
    expect(screen.queryByRole('checkbox')).toBeNull();
    type('Code of the authenticator app', ' 123456 ');
    press('Sign in');
    await expect.poll(() => asked.answers[0]?.answer).toMatchObject({ tfaKind: 'totp', remember: false });
    expect(asked.stored).toEqual([{ secret: '123456', keep: 'once' }]);
  });

  it('says which recovery keys are left', () => {
    ask({ type: 'tfa', account: 'root@pam', kinds: ['recovery'], recoveryKeysLeft: [2, 5], again: false });
    expect(screen.getByText(/2 and 5/)).toBeDefined();
  });

  it("shows the host's own words as plain text", () => {
    ask({
      type: 'keyboard-interactive',
      title: '<b>Hi</b>',
      instructions: 'Line',
      fields: [
        { label: 'Token: ', isSecret: true },
        { label: 'Site', isSecret: false },
      ],
    });
    expect(screen.getByText(/<b>Hi<\/b>/)).toBeDefined();
    expect(screen.getByLabelText('Site').getAttribute('type')).toBe('text');
  });

  it('wants a new vault passphrase twice and sends it once', async () => {
    const asked = ask({ type: 'vault-passphrase', isNew: true, again: false });
    type('New passphrase', 'correct horse');
    type('Once more', 'correct house');
    press('Create');
    expect(await screen.findByText('The two are not the same.')).toBeDefined();
    type('Once more', 'correct horse');
    press('Create');
    await expect.poll(() => asked.stored.map(({ secret }) => secret)).toEqual(['correct horse']);
  });
});

describe('a changed identity', () => {
  const question = { type: 'identity', endpoint: 'pve1:8006', expected: 'AA:BB', presented: 'CC:DD' } as const;

  it('shows both sides and trusts only when told to', async () => {
    const asked = ask(question);
    expect(screen.getByText('AA:BB')).toBeDefined();
    expect(screen.getByText('CC:DD')).toBeDefined();
    press('Keep it blocked');
    press('Trust the new identity of pve1:8006');
    await expect.poll(() => asked.answers.map(({ answer }) => answer.type)).toEqual(['refuse', 'trust']);
  });
});

describe('several questions', () => {
  it('come one at a time and can wait', async () => {
    const asked = ask(
      { type: 'password', account: 'a', again: false },
      { type: 'key-passphrase', path: '~/.ssh/id', again: false },
    );
    expect(screen.getByText('1 more question after this one.')).toBeDefined();
    press('Later');
    expect(await screen.findByText(/~\/\.ssh\/id/)).toBeDefined();
    press('Later');
    await expect.poll(() => screen.queryByRole('dialog')).toBeNull();
    asked.stores.prompts.recall();
    expect(await screen.findByText('Password for North')).toBeDefined();
  });
});
