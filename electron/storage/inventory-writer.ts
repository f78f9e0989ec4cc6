import { parentPort, workerData } from 'node:worker_threads';
import { InventoryWriter, type WriterRequest } from './inventory/writer.ts';

/** The entry of the writer's own thread: a slow or hanging disk then stops nothing but writing. */
const writer = new InventoryWriter((workerData as { readonly path: string }).path);
parentPort?.on('message', (request: WriterRequest) => {
  const reply = writer.handle(request);
  if (reply !== undefined) parentPort?.postMessage(reply);
  if (request.type === 'close') parentPort?.close();
});
