/**
 * How the installable packages are made: `npm run package` (all targets of this platform) or
 * `npm run package -- --linux deb`. Needs network once, for Electron's binary and the packaging tools.
 *
 * Only what runs is packed: the bundles under dist/ and the few packages with native parts that stay outside the bundle
 * (package.json's `dependencies`; everything that is bundled is a devDependency).
 */

/** @type {import('electron-builder').Configuration} */
const configuration = {
  appId: 'org.wheelhouse.Wheelhouse',
  productName: 'Wheelhouse',
  copyright: 'Licensed under the GNU Affero General Public License, version 3 or later',
  directories: { output: 'out', buildResources: 'assets' },
  files: [
    'package.json',
    'LICENSE',
    'dist/shell/**',
    'dist/storage/**',
    'dist/preload/**',
    'dist/storage/**',
    'dist/renderer/**',
    'dist/notices/**',
    'assets/icons/512x512.png',
    // Sources, tests, types and build recipes of the packages that stay outside the bundle.
    '!**/*.map',
    '!**/node_modules/**/{test,tests,__tests__,docs,doc,example,examples,.github,src,deps}/**',
    '!**/node_modules/**/*.{md,markdown,ts,tsx,cts,mts,c,cc,cpp,h,hpp,gyp,gypi,o,obj,tsbuildinfo}',
    '!**/node_modules/**/{.editorconfig,.eslintrc*,.prettierrc*,.npmignore,.gitattributes,binding.gyp,Makefile,install.js}',
  ],
  asar: true,
  // A shared library cannot be loaded from inside the archive.
  asarUnpack: ['**/*.node'],
  // Everything with a native part ships prebuilt for Node-API: nothing is compiled for a certain Electron.
  npmRebuild: false,
  nodeGypRebuild: false,
  electronFuses: {
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
  },
  linux: {
    target: ['AppImage', 'deb', 'rpm'],
    category: 'System',
    icon: 'assets/icons',
    synopsis: 'Control room for virtual machines and containers on Debian',
    maintainer: 'Wheelhouse maintainers <maintainers@wheelhouse.invalid>',
    desktop: {
      entry: { Keywords: 'proxmox;libvirt;kvm;qemu;lxc;virtual machine;container;', StartupWMClass: 'Wheelhouse' },
    },
  },
  deb: {
    depends: ['libgtk-3-0', 'libnss3', 'libsecret-1-0', 'libxss1', 'libasound2 | libasound2t64'],
    recommends: ['gnome-keyring | kwalletmanager'],
  },
  win: { target: ['nsis'], icon: 'assets/icons/icon.ico' },
  nsis: {
    oneClick: false,
    perMachine: false,
    allowToChangeInstallationDirectory: true,
    deleteAppDataOnUninstall: false,
  },
  mac: {
    target: ['dmg'],
    icon: 'assets/icons/icon.icns',
    category: 'public.app-category.utilities',
    hardenedRuntime: true,
    darkModeSupport: true,
  },
  publish: null,
};

export default configuration;
