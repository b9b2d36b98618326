/**
 * Work that is waited for, queued, shared and given up.
 * @module
 */

/** Settles as `promise` does, unless `signal` aborts first: then rejects with its reason. @internal */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** Runs jobs in the order they came, at most `limit` of them at a time. @internal */
export class Queue {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(limit: number) {
    this.#free = limit;
  }

  /** Runs `job` when there is room, whether or not earlier ones failed. */
  async run<T>(job: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await job();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}

/** Lets timers, input, messages and repainting have their turn: what is awaited otherwise goes on before any of them. @internal */
export function macrotask(): Promise<void> {
  return new Promise((resolve) => {
    const { setImmediate } = globalThis as { setImmediate?: (callback: () => void) => void };
    if (setImmediate) return setImmediate(resolve); // in Node, where a message would keep the process alive
    const { port1, port2 } = new MessageChannel(); // a timer would be held back
    port1.onmessage = (): void => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

/** One piece of work that several callers wait for; it is given up when the last of them has gone. @internal */
export class SharedTask<T, Event> {
  readonly #controller = new AbortController();
  readonly #listeners = new Set<(event: Event) => void>();
  readonly #result: Promise<T>;
  #waiting = 0;

  constructor(work: (signal: AbortSignal, emit: (event: Event) => void) => Promise<T>) {
    this.#result = work(this.#controller.signal, (event) => this.#listeners.forEach((listener) => listener(event)));
    this.#result.catch(() => undefined); // each caller sees it through `join`
  }

  /** The work was given up. */
  get abandoned(): boolean {
    return this.#controller.signal.aborted;
  }

  /** Waits for the result; leaving early through `signal` does not disturb other callers. */
  async join(signal: AbortSignal | undefined, listener: ((event: Event) => void) | undefined): Promise<T> {
    this.#waiting += 1;
    // A function of its own, so that one listener given twice counts twice.
    const listen = listener && ((event: Event): void => listener(event));
    if (listen) this.#listeners.add(listen);
    try {
      return await abortable(this.#result, signal);
    } finally {
      if (listen) this.#listeners.delete(listen);
      this.#waiting -= 1;
      if (this.#waiting === 0 && signal?.aborted) this.#controller.abort(signal.reason);
    }
  }
}
