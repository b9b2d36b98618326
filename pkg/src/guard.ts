import type { GlueGlobals } from './assets.js';

/**
 * Globals for a wasm module's script with which nothing that fails inside is missed.
 *
 * Rust's futures go on in microtasks. What is thrown there, by a trap for example, would reach nobody but the page's `error`
 * event, among the page's own errors, and the promise that waits for the future would never settle. Once `lost` has aborted
 * nothing of the module runs any more, since its memory cannot be trusted.
 * @internal
 */
export function guardedGlobals(lost: AbortSignal, onFault: (thrown: unknown) => void): GlueGlobals {
  const guarded =
    <Given extends unknown[]>(work: (...given: Given) => void) =>
    (...given: Given): void => {
      if (lost.aborted) return;
      try {
        work(...given);
      } catch (thrown) {
        onFault(thrown);
      }
    };
  return {
    queueMicrotask: (job) => queueMicrotask(guarded(job)),
    FinalizationRegistry: class<Held> extends FinalizationRegistry<Held> {
      constructor(free: (held: Held) => void) {
        super(guarded(free));
      }
    },
  };
}
