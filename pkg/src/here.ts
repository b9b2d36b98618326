import { ASSETS } from './assets-here.js';
import type { Engine, EngineOptions } from './engine.js';
import { openLocal } from './local.js';

/** The networks on the calling thread. A file of its own, so that pages with a worker need not load it. @internal */
export function openHere(options: EngineOptions): Promise<Engine> {
  return openLocal(ASSETS, options);
}
