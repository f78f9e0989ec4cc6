import { isAppError } from '../contract/errors.ts';

/** One sentence on why the app cannot start on its profile and what to do; undefined for any other error. */
export function explainStartFailure(error: unknown): string | undefined {
  if (isAppError(error, 'profile.in-use')) {
    const { path, pid } = error.data;
    return `The profile ${path} is open in another Wheelhouse (process ${pid}). Use its window, end it, or start this one with --profile DIR.`;
  }
  if (isAppError(error, 'profile.not-writable')) {
    const { path, cause } = error.data;
    return `The profile ${path} cannot be written (${cause}). Make room or give it to this user, or name another with --profile DIR.`;
  }
  return undefined;
}
