/**
 * A worker as the thread that uses it sees it, a browser's and Node's alike.
 * @module
 */
import { messageOf } from './errors.js';
import type { ThreadWorker } from './options.js';

/** What comes from a worker. @internal */
export interface PortEvents {
  message(data: unknown): void;
  /** A message that could not be read. */
  garbled(): void;
  /** The worker could not be started, or threw what nobody caught. */
  failed(why: string): void;
  /** It is no more, as Node says; browsers say nothing. */
  ended(): void;
}

/** @internal */
export interface Port {
  post(message: unknown, transfer: ArrayBuffer[]): void;
  /** Until `signal` aborts. */
  listen(events: PortEvents, signal: AbortSignal): void;
  /** Whether somebody waits for an answer; Node's process ends when nobody does. */
  wait(is: boolean): void;
  end(): void;
}

/** @internal */
export function portOf(worker: Worker | ThreadWorker): Port {
  return 'addEventListener' in worker ? browserPort(worker) : nodePort(worker);
}

function browserPort(worker: Worker): Port {
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    listen({ message, garbled, failed }, signal): void {
      worker.addEventListener('message', ({ data }) => message(data), { signal });
      worker.addEventListener('messageerror', garbled, { signal });
      worker.addEventListener('error', (event) => failed(event.message ?? ''), { signal });
    },
    wait: () => undefined,
    end: () => worker.terminate(),
  };
}

function nodePort(worker: ThreadWorker): Port {
  return {
    post: (message, transfer) => worker.postMessage(message, transfer as never),
    listen({ message, garbled, failed, ended }, signal): void {
      const on = (event: string, listener: (value: never) => void): void => {
        worker.on(event, listener);
        signal.addEventListener('abort', () => worker.off(event, listener), { once: true });
      };
      on('message', message);
      on('messageerror', garbled);
      // Without a listener Node would end the process.
      worker.on('error', (thrown: unknown) => signal.aborted || failed(messageOf(thrown)));
      on('exit', ended);
    },
    wait: (is) => (is ? worker.ref() : worker.unref()),
    end: () => void worker.terminate(),
  };
}
