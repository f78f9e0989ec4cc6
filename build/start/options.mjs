import { parseArgs } from 'node:util';

export const help = `Usage: npm start -- [options]

Opens Wheelhouse. Installs and builds first what is missing or stale.

  --demo              open the demonstration clusters
  --host WHERE        electron: a window of its own; loopback: the system's browser
                      (default: electron where it can run, else loopback)
  --port N            port of the loopback host on 127.0.0.1 (default 0: any free one)
  --no-open           loopback only: print the address, open nothing
  --profile DIR       keep everything in DIR (default: the platform's own place)
  --version           print the version
  --help              print this

The last line names the address. Ctrl+C ends it.`;

/** Reads the command line. Throws an Error whose message is for the user. */
export function parseStartArguments(args) {
  const { values } = parse(args);
  if (values.host !== undefined && values.host !== 'electron' && values.host !== 'loopback')
    throw new Error(`--host is electron or loopback, not ${JSON.stringify(values.host)}`);
  if (values.port !== undefined && !(/^\d{1,5}$/.test(values.port) && Number(values.port) <= 65535))
    throw new Error(`--port takes a number from 0 to 65535, not ${JSON.stringify(values.port)}`);
  if (values.profile === '') throw new Error('--profile takes a folder');
  if (values.host === 'electron' && (values.port !== undefined || values['no-open']))
    throw new Error('--port and --no-open belong to --host loopback');
  return values;
}

function parse(args) {
  try {
    return parseArgs({
      args,
      options: {
        demo: { type: 'boolean' },
        host: { type: 'string' },
        port: { type: 'string' },
        'no-open': { type: 'boolean' },
        profile: { type: 'string' },
        version: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    // Node's second sentence explains how to pass an argument that begins with a dash, which nothing here takes.
    throw new Error(error.message.split('. ')[0], { cause: error });
  }
}
