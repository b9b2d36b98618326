/**
 * What a page and its worker say to each other. Every message has the key `krLpr`, so that both sides can leave other
 * people's messages alone. Calls have an id, which their answers repeat.
 * @module
 */
import { KrLprError, type KrLprErrorCode, isCode } from './errors.js';
import type { Backend, Progress, TypicalFrame, WasmSource, WeightsSource } from './options.js';
import type { RawDetectOptions, RawOptions, RawTrackOptions } from './raw.js';
import type { RecognizerInfo } from './results.js';
import type { Pixels } from './taken.js';

/** The options of an engine as they travel: addresses are absolute, and responses have been read. @internal */
export interface PlainOptions {
  backend: Backend | 'auto';
  warmup: boolean;
  typical: Required<TypicalFrame>;
  wasm: Partial<Record<Backend, Exclude<WasmSource, URL | Response>>>;
  weights: {
    recognizer: Exclude<WeightsSource, URL | Response> | undefined;
    detector: Exclude<WeightsSource, URL | Response> | false | undefined;
  };
}

/**
 * From the page. `hello` is answered by `ready`; `abort`, `untrack` and `retrack` by nothing; every other one by `done` or
 * `failed`. Trackers are numbered by the page.
 * @internal
 */
export type Request =
  | { krLpr: 'hello'; life: string }
  | { krLpr: 'open'; id: number; options: PlainOptions }
  | { krLpr: 'read'; id: number; pixels: Pixels; options: RawOptions }
  | { krLpr: 'detect'; id: number; pixels: Pixels; options: RawDetectOptions }
  | { krLpr: 'track'; id: number; tracker: number; options: RawTrackOptions }
  | { krLpr: 'push'; id: number; tracker: number; pixels: Pixels; timestampMs: number; options: RawOptions }
  | { krLpr: 'retrack'; tracker: number }
  | { krLpr: 'untrack'; tracker: number }
  | { krLpr: 'abort'; id: number }
  | { krLpr: 'close'; id: number };

/** From the worker. `here` says that it listens from now on: a `hello` that came before may have been lost. @internal */
export type Reply =
  | { krLpr: 'here' }
  | { krLpr: 'ready'; version: string }
  | { krLpr: 'done'; id: number; value: unknown }
  | { krLpr: 'failed'; id: number; error: PlainError }
  | { krLpr: 'progress'; id: number; progress: Progress }
  | { krLpr: 'changed'; info: RecognizerInfo }
  | { krLpr: 'lost'; error: PlainError };

/** An error as it travels. @internal */
export interface PlainError {
  code: KrLprErrorCode;
  message: string;
  /** Where it was thrown, for whoever has to find out why. */
  stack: string;
}

/** @internal */
export function toPlain(thrown: unknown): PlainError {
  const error = thrown instanceof KrLprError ? thrown : new KrLprError('BACKEND_LOST', `failed inside: ${String(thrown)}`);
  const origin = thrown instanceof Error ? thrown : error;
  return { code: error.code, message: error.message, stack: String(origin.stack) };
}

/** @internal */
export function fromPlain({ code, message, stack }: PlainError): KrLprError {
  const cause = new Error(String(message));
  cause.stack = String(stack);
  return new KrLprError(isCode(code) ? code : 'BACKEND_LOST', String(message), { cause });
}

/** Whether a message is of this protocol. @internal */
export function isOurs(data: unknown): data is { krLpr: unknown; id?: unknown } {
  return typeof data === 'object' && data !== null && 'krLpr' in data;
}
