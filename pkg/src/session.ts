import { abortable } from './abort.js';
import { KrLprError, fromWasm } from './errors.js';
import { loadInstance } from './loader.js';
import type { Pixels } from './pixels.js';
import type { RawInfo, RawOptions, RawReading, RawRecognizer } from './raw.js';
import type { Backend, Progress, WasmSource } from './types.js';

/** A blank plate of the usual proportions: what warm-up and measuring read. */
const BLANK: Pixels = { data: new Uint8Array(260 * 55).fill(128), width: 260, height: 55, channels: 1 };

const PLAIN: RawOptions = { align: true, grammar: 'soft', nBest: 1, plateImage: false };

/** One network on one backend. @internal */
export class Session {
  private constructor(
    readonly backend: Backend,
    readonly info: RawInfo,
    readonly raw: RawRecognizer,
    readonly panicked: AbortSignal,
  ) {}

  /** Starts the backend and puts the network on it. */
  static async open(
    backend: Backend,
    wasm: WasmSource | undefined,
    weights: Uint8Array,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal | undefined,
  ): Promise<Session> {
    const { module, panicked } = await loadInstance(backend, wasm, onProgress, signal);
    try {
      const raw = module.Recognizer.open(weights);
      return new Session(backend, raw.info(), raw, panicked);
    } catch (error) {
      throw fromWasm(panicked.aborted ? panicked.reason : error);
    }
  }

  /** Reads one picture. */
  async read(pixels: Pixels, options: RawOptions): Promise<RawReading> {
    const { data, width, height, channels } = pixels;
    try {
      return await abortable(this.raw.readCrop(data, width, height, channels, options), this.panicked);
    } catch (error) {
      throw fromWasm(this.panicked.aborted ? this.panicked.reason : error);
    }
  }

  /** Milliseconds that reading a blank plate takes, once. */
  async time(): Promise<number> {
    const start = performance.now();
    await this.read(BLANK, PLAIN);
    return performance.now() - start;
  }

  /** Median milliseconds of five readings. */
  async measure(): Promise<number> {
    const times: number[] = [];
    while (times.length < 5) times.push(await this.time());
    return times.sort((a, b) => a - b)[2] ?? 0;
  }

  /** Gives the network's memory back. */
  free(): void {
    this.raw.free();
  }
}

/** @internal */
export function assertBackend(backend: unknown): asserts backend is Backend | 'auto' {
  if (backend !== 'auto' && backend !== 'cpu' && backend !== 'webgpu') {
    throw new KrLprError('BAD_INPUT', `backend is ${String(backend)}; it must be 'auto', 'cpu' or 'webgpu'`);
  }
}
