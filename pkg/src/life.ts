/**
 * Noticing that a worker has died, however it did: a worker that is ended, or killed for its memory, says nothing. It holds
 * a lock of a name that the page gave it, and the browser gives the lock to the page when the worker is no more.
 * @module
 */

/** Keeps the lock for as long as this worker lives; resolves once it is held. @internal */
export function holdLife(name: string): Promise<void> {
  return new Promise((resolve) => {
    const forever = (): Promise<never> => {
      resolve();
      return new Promise(() => undefined);
    };
    const locks = lockManager();
    if (!locks) resolve();
    else locks.request(name, forever).catch(() => resolve()); // a sandbox without locks
  });
}

/** Calls `onDeath` when whoever holds the lock is no more, unless `signal` aborts first. @internal */
export function awaitDeath(name: string, onDeath: () => void, signal: AbortSignal): void {
  lockManager()
    ?.request(name, { signal }, async () => onDeath())
    .catch(() => undefined);
}

/** Missing on pages that are neither HTTPS nor on localhost, and in Node. */
function lockManager(): LockManager | undefined {
  return globalThis.navigator?.locks as LockManager | undefined;
}
