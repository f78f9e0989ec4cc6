/** Where the profile is when none is named; for the hosts, which know the assembly and not the storage behind it. */
export { defaultProfilePath } from '../storage/default-profile-path.ts';
