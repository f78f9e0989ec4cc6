import type { Disposable } from '../contract/disposable.ts';
import { toAppError } from '../contract/errors.ts';
import type { CallContext } from '../contract/rpc/ports.ts';
import { contract, type ContractClient, type ContractHandlers } from '../contract/rpc/table.ts';

type AnyHandler = (input: unknown, second: unknown, third?: unknown) => unknown;

/**
 * A client that calls handlers of the same process. Inputs are validated and everything is copied, as a real link would
 * do, so that a screen cannot come to depend on shared objects. Frames arrive in a later turn.
 */
export function connectInProcess(handlers: ContractHandlers): ContractClient {
  const handlerOf = (name: keyof ContractHandlers): AnyHandler => handlers[name] as unknown as AnyHandler;
  const contextOf = (signal: AbortSignal): CallContext => ({ signal, rendererId: 'in-process' });
  const call = async (name: keyof ContractHandlers, input: unknown, signal?: AbortSignal): Promise<unknown> => {
    await Promise.resolve();
    const parsed: unknown = contract[name].input.parse(structuredClone(input));
    try {
      return structuredClone(await handlerOf(name)(parsed, contextOf(signal ?? new AbortController().signal)));
    } catch (error) {
      throw toAppError(error, name);
    }
  };
  const stream = (
    name: keyof ContractHandlers,
    input: unknown,
    onFrame: (frame: never) => void,
    onError?: (error: Error) => void,
  ): Disposable => {
    const controller = new AbortController();
    const parsed: unknown = contract[name].input.parse(structuredClone(input));
    let source: Disposable | undefined;
    queueMicrotask(() => {
      if (controller.signal.aborted) return;
      try {
        const send = (frame: unknown): void => {
          const copy: unknown = structuredClone(frame);
          queueMicrotask(() => {
            if (!controller.signal.aborted) onFrame(copy as never);
          });
        };
        source = handlerOf(name)(parsed, send, contextOf(controller.signal)) as Disposable;
      } catch (error) {
        onError?.(toAppError(error, name));
      }
    });
    return {
      dispose: () => {
        controller.abort();
        source?.dispose();
      },
    };
  };
  return {
    request: call,
    stream,
    channel: () => Promise.reject(new Error('channels are not part of the in-process client')),
  } as unknown as ContractClient;
}
