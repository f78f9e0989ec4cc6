import { describe, expect, it } from 'vitest';
import { parseStartOptions } from './start-options.ts';

describe('the options of the loopback host', () => {
  it('are those of npm start, with any free port and a browser by default', () => {
    expect(parseStartOptions([])).toEqual({
      port: 0,
      profilePath: undefined,
      openDemonstration: false,
      openBrowser: true,
    });
    expect(parseStartOptions(['--port', '8080', '--demo', '--no-open', '--profile', '/p'])).toEqual({
      port: 8080,
      profilePath: '/p',
      openDemonstration: true,
      openBrowser: false,
    });
  });

  it.each([[['--what']], [['--port', '-1']], [['--port', '65536']], [['--port', '']], [['--profile', '']], [['x']]])(
    'refuse %j',
    (args) => {
      expect(() => parseStartOptions(args)).toThrow(/--what|--port|--profile|'x'/);
    },
  );
});
