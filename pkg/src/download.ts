import { KrLprError, messageOf } from './errors.js';

/** Told how far a download is. @internal */
export type OnBytes = (loaded: number, total: number | undefined) => void;

/**
 * Fetches `source` and counts its bytes as they arrive.
 * @internal
 */
export async function download(
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

/** Reads a download to its end. @internal */
export async function bytesOf(response: Response, what: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    signal?.throwIfAborted();
    throw new KrLprError('LOAD_FAILED', `${what}: the download broke off: ${messageOf(cause)}`, { cause });
  }
}

/** The bytes of a buffer or of a view, without copying. @internal */
export function viewOf(buffer: BufferSource): Uint8Array {
  return ArrayBuffer.isView(buffer)
    ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    : new Uint8Array(buffer);
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
