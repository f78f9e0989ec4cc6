import type { Release } from '../state/release.ts';

const guestPrivileges = [
  'VM.Allocate',
  'VM.Audit',
  'VM.Backup',
  'VM.Clone',
  'VM.Config.CDROM',
  'VM.Config.CPU',
  'VM.Config.Cloudinit',
  'VM.Config.Disk',
  'VM.Config.HWType',
  'VM.Config.Memory',
  'VM.Config.Network',
  'VM.Config.Options',
  'VM.Console',
  'VM.Migrate',
  'VM.PowerMgmt',
  'VM.Snapshot',
  'VM.Snapshot.Rollback',
];
/** VM.Monitor was split into the agent's privileges with 9.0; VM.Replicate came at the same time. */
const guestPrivilegesOfEight = ['VM.Monitor'];
const guestPrivilegesOfNine = [
  'VM.GuestAgent.Audit',
  'VM.GuestAgent.FileRead',
  'VM.GuestAgent.FileSystemMgmt',
  'VM.GuestAgent.FileWrite',
  'VM.GuestAgent.Unrestricted',
  'VM.Replicate',
];
const storagePrivileges = [
  'Datastore.Allocate',
  'Datastore.AllocateSpace',
  'Datastore.AllocateTemplate',
  'Datastore.Audit',
];
const networkPrivileges = ['SDN.Allocate', 'SDN.Audit', 'SDN.Use'];
const userPrivileges = ['Group.Allocate', 'Realm.AllocateUser', 'User.Modify'];
const systemPrivileges = ['Sys.Audit', 'Sys.Console', 'Sys.Syslog'];
const poolPrivileges = ['Pool.Allocate', 'Pool.Audit'];
const administratorOnly = [
  'Mapping.Modify',
  'Permissions.Modify',
  'Realm.Allocate',
  'Sys.AccessNetwork',
  'Sys.Incoming',
  'Sys.Modify',
  'Sys.PowerMgmt',
];
const basicUse = ['VM.Audit', 'VM.Backup', 'VM.Config.CDROM', 'VM.Config.Cloudinit', 'VM.Console', 'VM.PowerMgmt'];
const basicAgentUse = [
  'VM.GuestAgent.Audit',
  'VM.GuestAgent.FileRead',
  'VM.GuestAgent.FileSystemMgmt',
  'VM.GuestAgent.FileWrite',
];

/** The built-in roles of a release with their privileges, as recorded on PVE 8.4.1, 9.1.9 and 9.2.11. */
export function rolesOf(release: Release): ReadonlyMap<string, readonly string[]> {
  const guest = [...guestPrivileges, ...(release.isNine ? guestPrivilegesOfNine : guestPrivilegesOfEight)];
  const admin = [
    ...storagePrivileges,
    ...userPrivileges,
    'Mapping.Audit',
    'Mapping.Use',
    ...poolPrivileges,
    ...networkPrivileges,
    ...systemPrivileges,
    ...guest,
  ];
  const audit = ['Datastore.Audit', 'Mapping.Audit', 'Pool.Audit', 'SDN.Audit', 'Sys.Audit', 'VM.Audit'];
  return new Map([
    ['Administrator', [...admin, ...administratorOnly].sort()],
    ['NoAccess', []],
    ['PVEAdmin', admin.sort()],
    ['PVEAuditor', release.isNine ? [...audit, 'VM.GuestAgent.Audit'] : audit],
    ['PVEDatastoreAdmin', storagePrivileges],
    ['PVEDatastoreUser', ['Datastore.AllocateSpace', 'Datastore.Audit']],
    ['PVEMappingAdmin', ['Mapping.Audit', 'Mapping.Modify', 'Mapping.Use']],
    ['PVEMappingUser', ['Mapping.Audit', 'Mapping.Use']],
    ['PVEPoolAdmin', poolPrivileges],
    ['PVEPoolUser', ['Pool.Audit']],
    ['PVESDNAdmin', networkPrivileges],
    ['PVESDNUser', ['SDN.Audit', 'SDN.Use']],
    ['PVESysAdmin', systemPrivileges],
    ['PVETemplateUser', ['VM.Audit', 'VM.Clone']],
    ['PVEUserAdmin', userPrivileges],
    ['PVEVMAdmin', guest.sort()],
    ['PVEVMUser', release.isNine ? [...basicUse, ...basicAgentUse] : basicUse],
  ]);
}
