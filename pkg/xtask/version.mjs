// Keeps pkg/src/version.ts in step with package.json and the weights: rewrites it, or with --check only says so.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const pkg = new URL('../', import.meta.url);
const { version } = JSON.parse(readFileSync(new URL('package.json', pkg), 'utf8'));
const sha256 = createHash('sha256').update(readFileSync(new URL('weights/recognizer.bin', pkg))).digest('hex');

const file = new URL('src/version.ts', pkg);
const before = readFileSync(file, 'utf8');
const after = before
  .replace(/(VERSION = ')[^']*(')/, `$1${version}$2`)
  .replace(/(WEIGHTS_SHA256 = ')[^']*(')/, `$1${sha256}$2`);
if (after !== before) {
  if (process.argv.includes('--check')) {
    console.error(`pkg/src/version.ts is not that of version ${version} and weights ${sha256}; run \`cargo xtask build\``);
    process.exit(1);
  }
  writeFileSync(file, after);
  console.log(`    pkg/src/version.ts now names version ${version} and weights ${sha256}`);
}
