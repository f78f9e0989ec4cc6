import { AppError } from '../../contract/errors.ts';
import { splitEntityId, type EntityId } from '../../contract/ids.ts';
import { isUuid } from './libvirt/parse/domain-list.ts';

/** A guest as its tools know it. */
export type GuestReference =
  { readonly system: 'libvirt'; readonly uuid: string } | { readonly system: 'lxc'; readonly name: string };

/** Reads a guest's id. Throws `entity.not-found` for one that this driver did not make. */
export function guestReferenceOf(id: EntityId): GuestReference {
  const { kind, nativeId } = splitEntityId(id);
  const at = nativeId.indexOf(':');
  const system = nativeId.slice(0, at);
  const name = nativeId.slice(at + 1);
  if (kind === 'guest' && system === 'qemu' && isUuid(name)) return { system: 'libvirt', uuid: name };
  // A container is a folder: a name with a slash, or one of the two special ones, would leave the containers' place.
  if (kind === 'guest' && system === 'lxc' && name !== '' && !/[/\0\n]|^\.{1,2}$/.test(name))
    return { system: 'lxc', name };
  throw new AppError('entity.not-found', `no guest of this host: ${id}`, { entityId: id });
}
