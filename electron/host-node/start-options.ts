import { parseArgs } from 'node:util';

/** What the loopback host is started with. */
export interface StartOptions {
  readonly port: number;
  readonly profilePath: string | undefined;
  readonly openDemonstration: boolean;
  readonly openBrowser: boolean;
}

/** Reads the command line; throws an Error with a sentence for the user. */
export function parseStartOptions(args: readonly string[]): StartOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: '0' },
      profile: { type: 'string' },
      demo: { type: 'boolean', default: false },
      'no-open': { type: 'boolean', default: false },
    },
  });
  const port = /^\d{1,5}$/.test(values.port) ? Number(values.port) : Number.NaN;
  if (!(port <= 65535)) throw new Error(`--port takes a number from 0 to 65535, not ${JSON.stringify(values.port)}`);
  if (values.profile === '') throw new Error('--profile takes a folder');
  return {
    port,
    profilePath: values.profile,
    openDemonstration: values.demo,
    openBrowser: !values['no-open'],
  };
}
