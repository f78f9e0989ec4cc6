import { parseConnectionId } from '../contract/ids.ts';
import { isAnyAppError } from '../contract/errors.ts';
import { connectionSettingsSchema, type CredentialRef } from '../contract/connection-settings.ts';
import { openProfile, PassphraseVault, type Profile } from '../storage/index.ts';
import { guestsOf } from './guest-records.ts';

/** Another process on a profile, for tests: `profile-child.js VERB FOLDER [ARGUMENT...]`. Says what it did in lines. */
const [verb = '', folder = '', ...rest] = process.argv.slice(2);
const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const connectionId = parseConnectionId('child');

/** Writes generation after generation of the same guests; says a number when it is on disk. Never ends by itself. */
async function writeGenerations(profile: Profile): Promise<void> {
  for (let generation = 1; ; generation += 1) {
    const { records, loads } = guestsOf(connectionId, Number(rest[0]), generation);
    profile.inventory.save(connectionId, { put: records, removed: [], loads }, generation);
    await profile.inventory.flush();
    say(String(generation));
  }
}

const verbs: Readonly<Record<string, (profile: Profile) => Promise<unknown>>> = {
  /** Keeps the profile until standard input ends. */
  hold: async () => {
    say('held');
    for await (const _ of process.stdin);
  },
  'write-generations': writeGenerations,
  /** Adds COUNT connections, one change each. */
  'add-connections': async ({ connections }) => {
    for (let index = 0; index < Number(rest[1]); index += 1) {
      const settings = connectionSettingsSchema.parse({ name: `${rest[0]} ${index}`, access: { kind: 'local' } });
      await connections.put({ id: parseConnectionId(`${rest[0]}-${index}`), settings });
    }
    say('added');
  },
  'put-secret': async ({ vault }) => {
    await vault.unlock(rest[0] ?? '');
    await vault.put(rest[1] as CredentialRef, rest[2] ?? '');
    say(`put ${vault.state}`);
  },
  'get-secret': async ({ vault }) => say(`${vault.state} ${(await vault.get(rest[0] as CredentialRef)) ?? 'none'}`),
  'remove-secret': ({ vault }) => vault.remove(rest[0] as CredentialRef),
  'change-passphrase': async ({ vault }) => {
    if (vault instanceof PassphraseVault) await vault.changePassphrase(rest[0] ?? '', rest[1] ?? '');
    say('changed');
  },
  /** Saves COUNT guests on a disk that is too small, and the preferences; then says what still works. */
  'fill-disk': async (profile) => {
    const { records, loads } = guestsOf(connectionId, Number(rest[0]), 2);
    profile.inventory.save(connectionId, { put: records, removed: [], loads }, 2);
    await profile.inventory.flush();
    const text = 'x'.repeat(Number(rest[1]));
    await profile.preferences.write({ layout: { text } }).catch((error: unknown) => {
      say(isAnyAppError(error) ? `refused ${error.code} ${JSON.stringify(error.data)}` : `threw ${String(error)}`);
    });
    const { layout } = await profile.preferences.read();
    say(`remembers ${String(layout['text']).length}`);
  },
  nothing: () => Promise.resolve(),
};

try {
  const profile = await openProfile(folder, {
    role: verb === 'hold' || verb === 'write-generations' ? 'window' : 'tool',
    vaultKind: process.env['VAULT_KIND'] === 'automatic' ? 'automatic' : 'file',
    log: () => undefined,
    onProblem: ({ code, data }) => say(`problem ${code} ${JSON.stringify(data)}`),
  });
  for (const { code, data } of profile.notices) say(`notice ${code} ${JSON.stringify(data)}`);
  await verbs[verb]?.(profile);
  await profile.close();
} catch (error) {
  say(isAnyAppError(error) ? `error ${error.code} ${JSON.stringify(error.data)}` : `crash ${String(error)}`);
  process.exitCode = 1;
}
