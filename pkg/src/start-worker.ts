/** Starts the package's own worker, from its own file: bundlers look for exactly these words. @internal */
export function startWorker(): Worker {
  return new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'kr-lpr' });
}
