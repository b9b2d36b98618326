import { KrLprError, messageOf } from './errors.js';

/** Told how far a download is. @internal */
export type OnBytes = (loaded: number, total: number | undefined) => void;

/**
 * The bytes of `source`, counted as they arrive where they have to be fetched; those of a buffer or a view are not copied.
 * @internal
 */
export async function bytesOf(
  source: string | URL | Response | BufferSource,
  what: string,
  onBytes: OnBytes,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  if (typeof source === 'string' || source instanceof URL || source instanceof Response) {
    return toTheEnd(await download(source, what, onBytes, signal), what, signal);
  }
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  throw new KrLprError('BAD_INPUT', `${what} must be an address, a Response, an ArrayBuffer or a view of one`);
}

async function download(
  source: string | URL | Response,
  what: string,
  onBytes: OnBytes,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const response = source instanceof Response ? source : await request(source, what, signal);
  if (!response.ok) {
    throw new KrLprError('LOAD_FAILED', `${what}: ${response.url} answered ${response.status} ${response.statusText}`);
  }
  if (!response.body || response.bodyUsed) {
    throw new KrLprError('LOAD_FAILED', `${what}: the response from ${response.url} has no body left to read`);
  }
  const total = contentLength(response);
  let loaded = 0;
  onBytes(0, total);
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      loaded += chunk.byteLength;
      onBytes(loaded, total);
      controller.enqueue(chunk);
    },
  });
  return new Response(response.body.pipeThrough(counter, signal ? { signal } : {}));
}

async function toTheEnd(response: Response, what: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    signal?.throwIfAborted();
    throw new KrLprError('LOAD_FAILED', `${what}: the download broke off: ${messageOf(cause)}`, { cause });
  }
}

async function request(source: string | URL, what: string, signal: AbortSignal | undefined): Promise<Response> {
  try {
    return await fetch(source, signal ? { signal } : {});
  } catch (cause) {
    signal?.throwIfAborted();
    throw new KrLprError('LOAD_FAILED', `${what}: could not fetch ${String(source)}: ${messageOf(cause)}`, { cause });
  }
}

/** Bytes to come; unknown when the server compresses, since the header then counts compressed ones. */
function contentLength(response: Response): number | undefined {
  const encoding = response.headers.get('content-encoding');
  const length = Number(response.headers.get('content-length') ?? NaN);
  return Number.isSafeInteger(length) && (encoding === null || encoding === 'identity') ? length : undefined;
}
