// The one place that talks to the package: loads it, switches its backend, reads one picture after another.

/**
 * Holds one recognizer at a time. Events: `progress` (detail: `{ phase, loaded, total }`), `ready` (detail: the
 * recognizer's `info`), `failed` (detail: the error) and `timing` (detail: what one reading took).
 */
export class Reader extends EventTarget {
  #recognizer = null;
  #starting = null;
  #received = { wasm: 0, weights: 0 };
  #turn = Promise.resolve();

  /** Bytes of each download of the recognizer in use. */
  get received() {
    return { ...this.#received };
  }

  /** What the recognizer in use says about itself, or null while there is none. */
  get info() {
    return this.#recognizer?.info ?? null;
  }

  /** The package's recognizer in use, or null while there is none. */
  get recognizer() {
    return this.#recognizer;
  }

  /** It can find plates in a scene; otherwise it reads crops only. */
  get findsPlates() {
    return Boolean(this.info?.detector);
  }

  /**
   * Loads the reader on `backend` and drops the one in use; a later call overtakes an earlier one. Never rejects: what
   * happened is told by the events.
   *
   * @param {'auto' | 'cpu' | 'webgpu'} backend
   */
  async start(backend) {
    this.#starting?.abort();
    const starting = new AbortController();
    this.#starting = starting;
    this.#recognizer?.close();
    this.#recognizer = null;
    this.#received = { wasm: 0, weights: 0 };
    try {
      const { PlateRecognizer } = await importPackage();
      const recognizer = await PlateRecognizer.create({
        backend,
        signal: starting.signal,
        onProgress: (progress) => {
          if (this.#starting === starting) this.#progress(progress);
        },
      });
      if (this.#starting !== starting) {
        recognizer.close();
        return;
      }
      this.#recognizer = recognizer;
      this.dispatchEvent(new CustomEvent('ready', { detail: recognizer.info }));
    } catch (error) {
      if (this.#starting === starting) this.dispatchEvent(new CustomEvent('failed', { detail: error }));
    }
  }

  /** The options for a picture in which to look for `look`: `auto`, `scene` or `crop`. */
  optionsFor(look) {
    return { mode: this.findsPlates ? look : 'crop', nBest: 5, plateImage: true };
  }

  /** Reads one picture once those before it are done. Rejects with the package's error. */
  read(blob, look) {
    const result = this.#turn.then(async () => {
      if (!this.#recognizer) throw Object.assign(new Error('no reader is loaded'), { code: 'CLOSED' });
      const read = await this.#recognizer.recognize(blob, { ...this.optionsFor(look), attention: true });
      this.note(read.timing);
      return read;
    });
    this.#turn = result.catch(() => {});
    return result;
  }

  /** Tells what a reading took. */
  note(timing) {
    this.dispatchEvent(new CustomEvent('timing', { detail: timing }));
  }

  #progress({ phase, loaded, total }) {
    if (phase in this.#received) this.#received[phase] = loaded;
    this.dispatchEvent(new CustomEvent('progress', { detail: { phase, loaded, total } }));
  }
}

/** Imported late, so that a missing file becomes a sentence on the page instead of a page that never starts. */
export async function importPackage() {
  try {
    return await import('./kr-lpr/index.js');
  } catch (error) {
    throw Object.assign(new Error(`kr-lpr/index.js: ${error.message}`, { cause: error }), {
      code: 'LOAD_FAILED',
      needsReload: true, // a browser may remember that a module failed to load
    });
  }
}
