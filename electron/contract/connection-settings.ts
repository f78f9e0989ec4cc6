import { z } from 'zod';
import { errorShapeSchema } from './errors.ts';
import { connectionIdSchema } from './records/base.ts';
import { nodeNoticeSchema } from './records/node.ts';

/**
 * What the profile keeps of a connection and what the manager edits. No secret is ever part of it: secrets are named by
 * references into the vault, and pins are public.
 */

/** Names a secret in the vault; says nothing about it. */
export const credentialRefSchema = z
  .string()
  .regex(/^cred_[a-z0-9]{16,40}$/, 'not a credential reference')
  .brand<'CredentialRef'>();
export type CredentialRef = z.infer<typeof credentialRefSchema>;

const hostSchema = z
  .string()
  .trim()
  .min(1)
  .max(253)
  .regex(/^[^\s\p{Cc}/@?#'"`$\\]+$/u, 'a host name or an address, without spaces and slashes');
const portSchema = z.number().int().min(1).max(65535);

/** One PVE node's API. `fingerprint`: SHA-256 of the leaf certificate, colon-separated upper-case hex, as PVE prints it. */
export const pveEndpointSchema = z.object({
  host: hostSchema,
  port: portSchema.default(8006),
  fingerprint: z.string().optional(),
});
export type PveEndpoint = z.infer<typeof pveEndpointSchema>;

export const pveSettingsSchema = z.object({
  kind: z.literal('pve'),
  /** The ones the user gave and, after the first sign-in, every other node of the cluster. Tried in order. */
  endpoints: z.array(pveEndpointSchema).min(1),
  auth: z.discriminatedUnion('method', [
    /** `user` without the realm. The password is asked for when no reference is kept. */
    z.object({
      method: z.literal('password'),
      user: z.string().min(1),
      realm: z.string().min(1),
      password: credentialRefSchema.optional(),
    }),
    /** `tokenId` is `user@realm!name`. */
    z.object({
      method: z.literal('token'),
      tokenId: z.string().regex(/^[^@\s]+@[^!\s]+![^\s]+$/, 'user@realm!name'),
      secret: credentialRefSchema,
    }),
  ]),
});
export type PveSettings = z.infer<typeof pveSettingsSchema>;

export const sshAuthSchema = z.discriminatedUnion('method', [
  /** The running agent ($SSH_AUTH_SOCK, or Pageant / the OpenSSH agent on Windows). */
  z.object({ method: z.literal('agent') }),
  z.object({ method: z.literal('key'), path: z.string().min(1), passphrase: credentialRefSchema.optional() }),
  z.object({ method: z.literal('password'), password: credentialRefSchema.optional() }),
  /** What ~/.ssh/config and the default keys say, then the agent; asks for what is missing, and keeps it if it is told to. */
  z.object({
    method: z.literal('automatic'),
    passphrase: credentialRefSchema.optional(),
    password: credentialRefSchema.optional(),
  }),
]);
export type SshAuth = z.infer<typeof sshAuthSchema>;

/** One SSH hop. `hostKeys` are the pinned ones, `<algorithm> SHA256:<base64>`. */
export const sshHopSchema = z.object({
  host: hostSchema,
  port: portSchema.default(22),
  user: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[^\s'"`$\\]+$/),
  auth: sshAuthSchema,
  hostKeys: z.array(z.string()).default([]),
});
export type SshHop = z.infer<typeof sshHopSchema>;

export const debianSettingsSchema = z.object({
  kind: z.literal('debian'),
  target: sshHopSchema,
  /** From the first hop to the last before the target. */
  jumps: z.array(sshHopSchema).default([]),
  /** How to become root when the account is not: not at all (libvirt group is enough), or `sudo -n`. */
  privilege: z.enum(['none', 'sudo', 'automatic']).default('automatic'),
});
export type DebianSettings = z.infer<typeof debianSettingsSchema>;

export const localSettingsSchema = z.object({
  kind: z.literal('local'),
  privilege: z.enum(['none', 'sudo', 'automatic']).default('automatic'),
});
export type LocalSettings = z.infer<typeof localSettingsSchema>;

export const connectionSettingsSchema = z.object({
  name: z.string().trim().min(1).max(250),
  /** Nested with `/`; `''` for none. */
  group: z.string().trim().max(500).default(''),
  isEnabled: z.boolean().default(true),
  access: z.discriminatedUnion('kind', [pveSettingsSchema, debianSettingsSchema, localSettingsSchema]),
});
/** One connection as the user configured it. */
export type ConnectionSettings = z.infer<typeof connectionSettingsSchema>;
export type ConnectionSettingsInput = z.input<typeof connectionSettingsSchema>;

export const savedConnectionSchema = z.object({ id: connectionIdSchema, settings: connectionSettingsSchema });
export type SavedConnection = z.infer<typeof savedConnectionSchema>;

/** The form in which connections are exported and imported: never a secret, references removed. */
export const connectionExportSchema = z.object({
  format: z.literal('wheelhouse-connections'),
  version: z.literal(1),
  connections: z.array(connectionSettingsSchema),
});
export type ConnectionExport = z.infer<typeof connectionExportSchema>;

export const certificateSchema = z.object({
  /** SHA-256 of the leaf, colon-separated upper-case hex. */
  fingerprint: z.string(),
  subject: z.string(),
  issuer: z.string(),
  validFromMs: z.number(),
  validToMs: z.number(),
  isSelfSigned: z.boolean(),
});
export type CertificateIdentity = z.infer<typeof certificateSchema>;

export const hostKeySchema = z.object({
  algorithm: z.string(),
  fingerprint: z.string(),
  /** What known_hosts says. */ known: z.enum(['unknown', 'known', 'changed']),
});
export type HostKeyIdentity = z.infer<typeof hostKeySchema>;

/** A realm that PVE offers for sign-in. `tfa`: the realm enforces a second factor of that type. */
export const realmSchema = z.object({
  realm: z.string(),
  type: z.string(),
  comment: z.string(),
  isDefault: z.boolean(),
  tfa: z.string().optional(),
});
export type PveRealm = z.infer<typeof realmSchema>;

/** What answers at an address, found without sending any secret. */
export const probeResultSchema = z.object({
  host: z.string(),
  /** The address after ~/.ssh/config, with what that file adds; absent if it has no entry. */
  sshConfig: z
    .object({
      alias: z.string(),
      hostName: z.string(),
      port: z.number(),
      user: z.string().optional(),
      identityFiles: z.array(z.string()),
      proxyJump: z.array(z.string()),
    })
    .optional(),
  pve: z.discriminatedUnion('found', [
    z.object({
      found: z.literal(true),
      port: z.number(),
      certificate: certificateSchema,
      realms: z.array(realmSchema),
      /** Connections that trust this certificate already. */
      knownAs: z.array(connectionIdSchema).exactOptional(),
    }),
    /** Without `why` nobody looked. */
    z.object({ found: z.literal(false), why: errorShapeSchema.exactOptional() }),
  ]),
  ssh: z.discriminatedUnion('found', [
    z.object({
      found: z.literal(true),
      port: z.number(),
      hostKey: hostKeySchema,
      serverVersion: z.string(),
      authMethods: z.array(z.string()),
      /** Connections that trust this host key already. */
      knownAs: z.array(connectionIdSchema).exactOptional(),
    }),
    /** Without `why` nobody looked. */
    z.object({ found: z.literal(false), why: errorShapeSchema.exactOptional() }),
  ]),
});
export type ProbeResult = z.infer<typeof probeResultSchema>;

/** One stage of a connection test, in order. The first failed one ends the test. */
export const testStageSchema = z.object({
  stage: z.enum(['reach', 'identity', 'sign-in', 'rights', 'tools', 'inventory']),
  outcome: z.enum(['passed', 'warning', 'failed', 'skipped']),
  /** What was found, in words that need no translation: an address, a fingerprint, an account, a list of names. */
  detail: z.string(),
  /** What is missing on the host; texts are looked up by code. */
  notices: z.array(nodeNoticeSchema).exactOptional(),
  /** Why a stage failed; its text is looked up by code. */
  error: errorShapeSchema.optional(),
});
export type ConnectionTestStage = z.infer<typeof testStageSchema>;

/** SSH: which of the jumps asks, or the host itself. */
const askingHopSchema = z.union([z.number().int().min(0), z.literal('target')]).exactOptional();

/**
 * A question that a connection has while it opens. Answered with a credential reference (for secrets) or a choice.
 * `tfa` offers the kinds that the server named; `identity` shows old and new.
 */
export const promptSchema = z.object({
  promptId: z.string(),
  connectionId: connectionIdSchema.optional(),
  connectionName: z.string(),
  question: z.discriminatedUnion('type', [
    z.object({ type: z.literal('password'), account: z.string(), again: z.boolean(), hop: askingHopSchema }),
    z.object({
      type: z.literal('tfa'),
      account: z.string(),
      kinds: z.array(z.enum(['totp', 'recovery', 'yubico'])),
      recoveryKeysLeft: z.array(z.number()),
      again: z.boolean(),
    }),
    z.object({ type: z.literal('key-passphrase'), path: z.string(), again: z.boolean(), hop: askingHopSchema }),
    /** Texts of the server, untrusted. `isSecret` false: the answer may be shown while typed. */
    z.object({
      type: z.literal('keyboard-interactive'),
      title: z.string(),
      instructions: z.string(),
      fields: z.array(z.object({ label: z.string(), isSecret: z.boolean() })),
    }),
    z.object({
      type: z.literal('identity'),
      endpoint: z.string(),
      expected: z.string(),
      presented: z.string(),
      hop: askingHopSchema,
    }),
    z.object({ type: z.literal('vault-passphrase'), isNew: z.boolean(), again: z.boolean() }),
  ]),
});
export type Prompt = z.infer<typeof promptSchema>;

/** The answer to a {@link Prompt}. Secrets are stored first and named here by reference, one for each field asked. */
export const promptAnswerSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('secrets'),
    refs: z.array(credentialRefSchema).min(1),
    /** For `tfa`: which kind the code is. */ tfaKind: z.enum(['totp', 'recovery', 'yubico']).optional(),
    /** Keep it in the vault for the next start. */ remember: z.boolean(),
  }),
  z.object({ type: z.literal('trust') }),
  z.object({ type: z.literal('refuse') }),
]);
export type PromptAnswer = z.infer<typeof promptAnswerSchema>;
