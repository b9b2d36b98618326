import { readFile } from 'node:fs/promises';
import { KrLprError, messageOf } from './errors.js';

/** A file of the package, from the disk. @internal */
export async function fileBytes(address: URL): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await readFile(address);
  } catch (cause) {
    throw new KrLprError('LOAD_FAILED', `${address.pathname} could not be read: ${messageOf(cause)}`, { cause });
  }
}
