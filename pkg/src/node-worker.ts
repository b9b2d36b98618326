/**
 * `kr-lpr/worker` in Node: a thread of `worker_threads` that reads plates for one recognizer; see `worker.ts`.
 * @module
 */
import { parentPort } from 'node:worker_threads';
import { ASSETS } from './node-assets.js';
import { serve } from './serve.js';

const port = parentPort;
if (port) {
  serve(
    ASSETS,
    (reply) => port.postMessage(reply),
    (hear) => port.on('message', hear),
  );
}
