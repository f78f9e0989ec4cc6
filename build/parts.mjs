/** Packages with native parts, or that find their own files at run time. They stay packages; see docs/decisions/0006. */
export const outsidePackages = ['@photostructure/sqlite', '@napi-rs/keyring', 'ssh2', 'node-ssh'];

const common = ['package-lock.json', 'build/parts.mjs', 'build/build.mjs', 'build/notices.mjs'];
const node = [...common, 'build/vite.node.config.ts', 'electron'];

/** The folders of dist/: what each is entered by, and what it is made from. */
export const parts = {
  renderer: {
    entry: 'renderer/index.html',
    sources: [...common, 'vite.config.ts', 'renderer', 'electron/contract', 'assets'],
  },
  'host-node': { entry: 'electron/host-node/main.ts', sources: node },
  cli: { entry: 'electron/cli/main.ts', sources: node },
  shell: { entry: 'electron/shell/main.ts', sources: node },
  // The thread that writes the inventory.
  storage: { entry: 'electron/storage/inventory-writer.ts', sources: node },
  preload: {
    entry: 'electron/preload/preload.ts',
    sources: [...common, 'build/vite.node.config.ts', 'electron/preload', 'electron/contract'],
  },
};
