// Keeps pkg/src/version.ts and pkg/src/files.ts in step with package.json and the weights: rewrites them, or with
// --check only says so.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const pkg = new URL('../', import.meta.url);
const { version } = JSON.parse(readFileSync(new URL('package.json', pkg), 'utf8'));

/** The networks, and the hash of each one's weights; null for weights that there are not. */
const hashes = ['recognizer', 'detector'].map((network) => {
  const file = new URL(`weights/${network}.bin`, pkg);
  return [network, existsSync(file) ? createHash('sha256').update(readFileSync(file)).digest('hex') : null];
});

rewrite('version.ts', (before) =>
  hashes.reduce(
    (text, [network, hash]) => text.replace(new RegExp(`^(  ${network}: ).*,$`, 'm'), `$1${hash ? `'${hash}'` : null},`),
    before.replace(/(VERSION: string = ')[^']*(')/, `$1${version}$2`),
  ),
);
// Bundlers fail at addresses of files that are not there.
const addresses = hashes
  .filter(([, hash]) => hash)
  .map(([network]) => `  ${network}: (): URL => beside(() => new URL('./weights/${network}.bin', import.meta.url)),\n`);
rewrite('files.ts', (before) => before.replace(/(export const WEIGHTS = \{\n)[^}]*(\};)/, `$1${addresses.join('')}$2`));

function rewrite(name, change) {
  const file = new URL(`src/${name}`, pkg);
  const before = readFileSync(file, 'utf8');
  const after = change(before);
  if (after === before) return;
  if (process.argv.includes('--check')) {
    console.error(`pkg/src/${name} is not that of version ${version} and its weights; run \`cargo xtask build\``);
    process.exitCode = 1;
    return;
  }
  writeFileSync(file, after);
  console.log(`    pkg/src/${name} now names version ${version} and its weights`);
}
