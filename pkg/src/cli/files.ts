import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const PICTURE = /\.(jpe?g|png|webp)$/i;

/**
 * The files that are meant: the pictures of a folder for the folder, and what fits a pattern such as `*.png` for one that no
 * file is called, since not every shell does that.
 * @internal
 */
export async function expand(given: string[]): Promise<string[]> {
  return (await Promise.all(given.map(filesOf))).flat();
}

async function filesOf(given: string): Promise<string[]> {
  const found = await stat(given).catch(() => undefined);
  if (found?.isDirectory()) return list(given, PICTURE);
  const pattern = basename(given);
  if (found || !/[*?]/.test(pattern)) return [given];
  const fitting = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.');
  const files = await list(dirname(given), new RegExp(`^${fitting}$`, 'i'));
  return files.length > 0 ? files : [given]; // it is named as missing
}

async function list(folder: string, wanted: RegExp): Promise<string[]> {
  const names = await readdir(folder).catch((): string[] => []);
  return names.filter((name) => wanted.test(name) && !name.startsWith('.')).sort().map((name) => join(folder, name));
}
