import { useEffect } from 'react';
import { useAppStores } from '../stores/app-stores.tsx';

/** Obeys the native menu of the host: its commands have the ids of the registry's. */
export function useWindowCommands(): void {
  const { client, commands } = useAppStores();
  useEffect(() => {
    let lastSequence = 0;
    const stream = client.stream('window.watchCommands', {}, (frame) => {
      // A stream that begins again sends its last frame again.
      if (frame.command === undefined || frame.sequence <= lastSequence) return;
      lastSequence = frame.sequence;
      commands.find(frame.command)?.run();
    });
    return () => stream.dispose();
  }, [client, commands]);
}
