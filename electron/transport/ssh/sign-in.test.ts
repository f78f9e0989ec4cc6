import { generateKeyPairSync } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import ssh2, { type AuthContext, type Connection } from 'ssh2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { debianSettingsSchema, type SshAuth } from '../../contract/connection-settings.ts';
import { AppError } from '../../contract/errors.ts';
import { silentLog } from '../../core/ports/log.ts';
import type { Prompter, PromptReply } from '../../core/ports/prompter.ts';
import { realClock } from '../../testing/real-clock.ts';
import { failureOf, never, nobody } from '../../testing/ssh-client-harness.ts';
import { openSshLink } from './open-ssh-link.ts';
import { describeHostKey, toPin } from './host-key.ts';
import type { RememberedSecret } from './sign-in-help.ts';

const ref = 'cred_0123456789abcdef';
const hostKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' });

/** A server for the ways to sign in that need PAM or root with a real sshd. */
describe('signing in with what the user types', () => {
  let server: ssh2.Server;
  let port = 0;
  let attempts: string[] = [];
  let onAuth: (context: AuthContext) => void = (context) => context.reject();
  const clients = new Set<Connection>();

  beforeEach(async () => {
    attempts = [];
    server = new ssh2.Server({ hostKeys: [hostKey] }, (client) => {
      clients.add(client);
      client.on('error', () => undefined);
      client.on('authentication', (context) => {
        attempts.push(context.method === 'password' ? `password ${context.password}` : context.method);
        onAuth(context);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterEach(async () => {
    for (const client of clients) client.end();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });

  const key = ssh2.utils.parseKey(hostKey.toString());
  const pin = key instanceof Error ? '' : toPin(describeHostKey(key.getPublicSSH()));
  const open = async (auth: SshAuth, prompter: Prompter, kept?: string, remembered: RememberedSecret[] = []) => {
    const opened = await openSshLink(
      debianSettingsSchema.parse({
        kind: 'debian',
        target: { host: '127.0.0.1', port, user: 'root', auth, hostKeys: [pin] },
      }),
      {
        secrets: { get: async () => kept },
        prompter,
        clock: realClock,
        log: silentLog,
        homeDirectory: '/nowhere',
        agentPath: '',
        onSecretToRemember: (secret) => remembered.push(secret),
      },
      never,
    );
    opened.link.close();
  };
  const answering = (...answers: readonly (readonly string[])[]) => {
    const asked: Parameters<Prompter['ask']>[0][] = [];
    const prompter: Prompter = {
      ask: async (question): Promise<PromptReply> => {
        const secrets = answers[asked.push(question) - 1];
        if (secrets === undefined) throw new AppError('auth.challenge-unanswered', 'gone', { kinds: [question.type] });
        return { type: 'secrets', secrets, remember: true };
      },
    };
    return { asked, prompter };
  };
  const acceptPassword = (right: string) => (context: AuthContext) => {
    if (context.method === 'password' && context.password === right) context.accept();
    else context.reject(['password']);
  };

  it('uses the kept password and asks nobody', async () => {
    onAuth = acceptPassword('kept-one');
    await open({ method: 'password', password: ref as never }, nobody, 'kept-one');
    expect(attempts).toEqual(['none', 'password kept-one']);
  });

  it('asks when nothing is kept, again after a wrong answer, and offers the right one to be kept', async () => {
    onAuth = acceptPassword('typed-two');
    const { asked, prompter } = answering(['typed-one'], ['typed-two']);
    const remembered: RememberedSecret[] = [];
    await open({ method: 'password' }, prompter, undefined, remembered);
    expect(asked).toEqual([
      { type: 'password', account: 'root@127.0.0.1', again: false, hop: 'target' },
      { type: 'password', account: 'root@127.0.0.1', again: true, hop: 'target' },
    ]);
    expect(remembered).toEqual([{ hop: 'target', what: 'password', secret: 'typed-two' }]);
  });

  it('says that the password was refused when the kept one is wrong and nobody is there', async () => {
    onAuth = acceptPassword('other');
    const error = await failureOf(open({ method: 'password', password: ref as never }, nobody, 'kept-one'));
    expect(error).toMatchObject({ code: 'auth.rejected', data: { method: 'password' } });
    expect(JSON.stringify(error)).not.toContain('kept-one');
    expect(await failureOf(open({ method: 'password' }, nobody))).toMatchObject({ code: 'auth.challenge-unanswered' });
  });

  it('stops after three wrong answers', async () => {
    onAuth = acceptPassword('other');
    const { asked, prompter } = answering(['a'], ['b'], ['c'], ['d']);
    expect(await failureOf(open({ method: 'password' }, prompter))).toMatchObject({ code: 'auth.rejected' });
    expect(asked.length).toBe(3);
  });

  it("answers PAM's lone password question with the kept password", async () => {
    onAuth = (context) => {
      if (context.method !== 'keyboard-interactive') context.reject(['keyboard-interactive']);
      else
        context.prompt([{ prompt: 'Password: ', echo: false }], (answers) => {
          if (answers[0] === 'kept-one') context.accept();
          else context.reject();
        });
    };
    await open({ method: 'password', password: ref as never }, nobody, 'kept-one');
    expect(attempts).toEqual(['none', 'keyboard-interactive']);
  });

  it('uses a password that was kept for a host whose way in is automatic', async () => {
    onAuth = acceptPassword('kept-one');
    await open({ method: 'automatic', password: ref as never }, nobody, 'kept-one');
    expect(attempts).toEqual(['none', 'password kept-one']);
  });

  it("asks for PAM's lone password as for any password, so that it can be kept", async () => {
    onAuth = (context) => {
      if (context.method !== 'keyboard-interactive') context.reject(['keyboard-interactive']);
      else
        context.prompt([{ prompt: 'Password: ', echo: false }], (answers) => {
          if (answers[0] === 'typed-one') context.accept();
          else context.reject();
        });
    };
    const { asked, prompter } = answering(['typed-one']);
    await open({ method: 'automatic' }, prompter);
    expect(asked).toEqual([{ type: 'password', account: 'root@127.0.0.1', again: false, hop: 'target' }]);
  });

  it("puts the server's own questions to the user", async () => {
    onAuth = (context) => {
      if (context.method !== 'keyboard-interactive') context.reject(['keyboard-interactive']);
      else
        context.prompt(
          [
            { prompt: 'Token: ', echo: true },
            { prompt: 'PIN: ', echo: false },
          ],
          'Second factor',
          'Look at <b>your</b> phone',
          (answers) => {
            if (answers.join() === '123,456') context.accept();
            else context.reject();
          },
        );
    };
    const { asked, prompter } = answering(['123', '456']);
    await open({ method: 'automatic' }, prompter);
    expect(asked).toEqual([
      {
        type: 'keyboard-interactive',
        title: 'Second factor',
        instructions: 'Look at <b>your</b> phone',
        fields: [
          { label: 'Token: ', isSecret: false },
          { label: 'PIN: ', isSecret: true },
        ],
      },
    ]);
  });

  it('lets no hostile server draw on the window that asks, nor flood it', async () => {
    const asking = (count: number, label: string) => (context: AuthContext) => {
      if (context.method !== 'keyboard-interactive') context.reject(['keyboard-interactive']);
      else {
        const fields = Array.from({ length: count }, () => ({ prompt: label, echo: false }));
        context.prompt(fields, `T\u001b[2J\u202e${'x'.repeat(5_000)}`, '', (answers) => {
          if (answers.length > 0) context.accept();
          else context.reject();
        });
      }
    };
    onAuth = asking(1, 'Pass\u0007word\u2066 of \u009b31mroot:');
    const { asked, prompter } = answering(['x']);
    await open({ method: 'automatic' }, prompter);
    const [question] = asked;
    expect(question).toMatchObject({ fields: [{ label: 'Password of 31mroot:' }] });
    expect(question?.type === 'keyboard-interactive' && question.title.length).toBeLessThanOrEqual(1_000);
    expect(JSON.stringify(question)).not.toMatch(/\\u001b|\p{Bidi_Control}/u);
    onAuth = asking(500, 'x');
    expect(await failureOf(open({ method: 'automatic' }, nobody))).toMatchObject({
      code: 'auth.rejected',
      data: { text: '500 questions at once' },
    });
  });

  it('withdraws its question when the server has hung up meanwhile', async () => {
    onAuth = acceptPassword('other');
    let isWithdrawn = false;
    const slow: Prompter = {
      ask: (_question, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            isWithdrawn = true;
            reject(new AppError('operation.cancelled', 'cancelled', {}));
          });
          for (const client of clients) client.end();
        }),
    };
    expect(await failureOf(open({ method: 'password' }, slow))).toMatchObject({ code: 'connection.lost' });
    expect(isWithdrawn).toBe(true);
  });

  it('says what the server would accept', async () => {
    onAuth = (context) => context.reject(['publickey']);
    expect(await failureOf(open({ method: 'password' }, nobody))).toMatchObject({
      code: 'auth.rejected',
      data: { text: expect.stringContaining('the server accepts: publickey') as string },
    });
  });

  it('gives up at once when the user refuses', async () => {
    onAuth = acceptPassword('other');
    const refusing: Prompter = { ask: async () => ({ type: 'refuse' }) };
    expect(await failureOf(open({ method: 'password' }, refusing))).toMatchObject({
      code: 'auth.challenge-unanswered',
    });
    expect(attempts).toEqual(['none']);
  });
});
