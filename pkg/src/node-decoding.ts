/**
 * Decoding in a thread of its own, since a large photograph takes a fifth of a second, in which nothing else would happen on
 * this one. All recognizers share the thread; it does not keep the process from ending.
 * @module
 */
import { Worker } from 'node:worker_threads';
import { KrLprError, messageOf } from './errors.js';
import { type PlainError, fromPlain } from './messages.js';
import type { RawPixels } from './picture.js';

/** What the thread is told. @internal */
export interface Order {
  id: number;
  file: Uint8Array;
}

/** What it answers. @internal */
export type Answer = { id: number; pixels: RawPixels } | { id: number; error: PlainError };

interface Waiting {
  resolve(pixels: RawPixels): void;
  reject(error: KrLprError): void;
}

const waiting = new Map<number, Waiting>();
let thread: Worker | undefined;
let orders = 0;

/** The pixels of a file, as `decodeFile` gives them. @internal */
export function decodeInThread(file: Uint8Array): Promise<RawPixels> {
  return new Promise((resolve, reject) => {
    thread ??= started();
    orders += 1;
    waiting.set(orders, { resolve, reject });
    thread.ref();
    thread.postMessage({ id: orders, file } satisfies Order);
  });
}

function started(): Worker {
  const worker = new Worker(new URL('./node-decode-thread.js', import.meta.url), { execArgv: [] });
  worker.on('message', (answer: Answer) => {
    const { resolve, reject } = waiting.get(answer.id) ?? {};
    waiting.delete(answer.id);
    if (waiting.size === 0) worker.unref();
    if ('error' in answer) reject?.(fromPlain(answer.error));
    else resolve?.(answer.pixels);
  });
  worker.on('error', (thrown: unknown) => fail(worker, messageOf(thrown)));
  worker.on('exit', () => fail(worker, 'it has ended'));
  return worker;
}

/** The next file gets another thread. */
function fail(worker: Worker, why: string): void {
  if (thread !== worker) return;
  thread = undefined;
  for (const { reject } of waiting.values()) reject(new KrLprError('BAD_INPUT', `the file cannot be decoded: the thread for it failed: ${why}`));
  waiting.clear();
}
