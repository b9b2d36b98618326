/**
 * The thread that decodes files in Node; `node-decoding.ts` is its other side.
 * @module
 */
import { parentPort } from 'node:worker_threads';
import { toPlain } from './messages.js';
import { decodeFile } from './node-decode.js';
import type { Answer, Order } from './node-decoding.js';

parentPort?.on('message', (order) => {
  const { id, file } = order as Order;
  const answer = (value: Answer, transfer: ArrayBuffer[] = []): void => parentPort?.postMessage(value, transfer);
  decodeFile(file).then(
    (pixels) => answer({ id, pixels }, [pixels.data.buffer as ArrayBuffer]),
    (error: unknown) => answer({ id, error: toPlain(error) }),
  );
});
