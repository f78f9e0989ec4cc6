const { Compiler } = require('@swc/core');

// dependency-cruiser 17 hands every file to swc without its JSX syntax, and its other parser needs TypeScript 6.
const { parseFileSync } = Compiler.prototype;
Compiler.prototype.parseFileSync = function parseWithJsx(path, options) {
  return parseFileSync.call(this, path, { ...options, tsx: path.endsWith('.tsx') });
};

/** Who may import whom: the table of docs/architecture.md, as data. A folder may always import from itself. */
const mayImport = {
  'electron/contract': [],
  'electron/core': ['electron/contract'],
  'electron/transport': ['electron/contract', 'electron/core/ports'],
  'electron/storage': ['electron/contract', 'electron/core/ports'],
  'electron/demo': [],
  'electron/assembly': [
    'electron/contract',
    'electron/core',
    'electron/drivers',
    'electron/transport',
    'electron/storage',
    'electron/demo',
  ],
  'electron/host-node': ['electron/contract', 'electron/core', 'electron/assembly'],
  'electron/shell': ['electron/contract', 'electron/core', 'electron/storage', 'electron/assembly'],
  'electron/cli': ['electron/contract', 'electron/core', 'electron/assembly'],
  'electron/preload': ['electron/contract'],
  'renderer/app': ['electron/contract', 'renderer'],
  'renderer/lib': [],
  'renderer/ui': ['renderer/lib'],
  'renderer/texts': ['electron/contract', 'renderer/lib'],
  'renderer/rpc': ['electron/contract', 'renderer/lib'],
  'renderer/stores': ['electron/contract', 'renderer/rpc', 'renderer/texts', 'renderer/lib'],
};
const ours = '^(electron|renderer)/';
const tests = '[.](test|lab)[.]tsx?$';
const layer = ([folder, allowed]) => ({
  name: `layer:${folder}`,
  severity: 'error',
  from: { path: `^${folder}/`, pathNot: tests },
  to: { path: ours, pathNot: [folder, ...allowed].map((f) => `^${f}/`) },
});
module.exports = {
  forbidden: [
    ...Object.entries(mayImport).map(layer),
    {
      name: 'driver-isolation',
      severity: 'error',
      from: { path: '^electron/drivers/([^/]+)/', pathNot: tests },
      to: { path: ours, pathNot: ['^electron/(contract|core)/', '^electron/drivers/$1/'] },
    },
    {
      name: 'feature-isolation',
      severity: 'error',
      from: { path: '^renderer/features/([^/]+)/', pathNot: tests },
      to: {
        path: ours,
        pathNot: ['^electron/contract/', '^renderer/(rpc|stores|texts|ui|lib)/', '^renderer/features/$1/'],
      },
    },
    {
      name: 'testing-only-from-tests',
      severity: 'error',
      from: { pathNot: [tests, '^electron/testing/', '^test/'] },
      to: { path: '^(electron/testing|test)/' },
    },
    {
      name: 'electron-only-in-shell',
      severity: 'error',
      from: { path: ours, pathNot: '^electron/(shell|preload)/' },
      to: { path: '(^|/)node_modules/electron/|^electron$' },
    },
    {
      name: 'no-node-in-pure-layers',
      severity: 'error',
      from: { path: '^(electron/(contract|core|drivers)|renderer)/', pathNot: tests },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'sockets-only-in-node-layers',
      severity: 'error',
      from: { path: '^(electron/(contract|core|drivers)|renderer)/', pathNot: tests },
      to: { path: 'node_modules/(ssh2|node-ssh|ws|undici|@photostructure/sqlite|@napi-rs/keyring)/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'nothing-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '[.]css$' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|out|[.]cache)/' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    },
  },
};
