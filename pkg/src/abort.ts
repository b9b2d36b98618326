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

/** Runs jobs one after another, in the order they came. @internal */
export class SerialQueue {
  #tail: Promise<unknown> = Promise.resolve();

  /** Runs `job` after all earlier ones, whether or not they failed. */
  run<T>(job: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(job);
    this.#tail = result.catch(() => undefined);
    return result;
  }
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
