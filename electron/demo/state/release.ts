/** What differs between the releases that are simulated. */
export interface Release {
  /** As `/version` gives it. */
  readonly version: string;
  /** Major and minor. */
  readonly release: string;
  readonly repositoryId: string;
  readonly kernel: string;
  readonly qemu: string;
  readonly machine: string;
  /** From 9.0: pressure figures, `memhost`, networks instead of `sdn` in the tree, long histories. */
  readonly isNine: boolean;
}

const releases: readonly Release[] = [
  {
    version: '9.2.3',
    release: '9.2',
    repositoryId: '4a1c5e72f3d80b96',
    kernel: '7.0.6-2-pve',
    qemu: '11.0.0',
    machine: 'pc-i440fx-11.0+pve0',
    isNine: true,
  },
  {
    version: '9.1.9',
    release: '9.1',
    repositoryId: 'f40095996bcb6bf7',
    kernel: '6.17.13-1-pve',
    qemu: '10.1.2',
    machine: 'pc-i440fx-10.1+pve0',
    isNine: true,
  },
  {
    version: '8.4.5',
    release: '8.4',
    repositoryId: '57892e8e686cb35b',
    kernel: '6.8.12-13-pve',
    qemu: '9.2.0',
    machine: 'pc-i440fx-9.2+pve1',
    isNine: false,
  },
];

/** The releases that can be simulated. */
export type ReleaseVersion = '9.2.3' | '9.1.9' | '8.4.5';

/** Facts of one release. */
export function releaseOf(version: ReleaseVersion): Release {
  const found = releases.find((release) => release.version === version);
  if (!found) throw new Error(`No simulated release ${version}`);
  return found;
}
