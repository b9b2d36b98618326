// Lists what the assembled site needs to work offline, for its service worker: `node precache.mjs SITE` writes
// SITE/precache.js. The list is what index.html reaches: its links and scripts, their imports and the literal
// `new URL('./…', import.meta.url)` of each, so a file that nobody asks for is not downloaded either.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { reachable } from './imports.mjs';

const site = resolve(process.argv[2] ?? '.');

/** WebGPU's module is several times as large as the rest: it is kept once a visitor has chosen it. */
const isLater = (path) => path.endsWith('/webgpu/kr_lpr_webgpu.wasm');

// Browsers fetch the service worker themselves.
const reached = reachable(join(site, 'index.html')).filter((file) => file !== join(site, 'service-worker.js'));
const files = reached.map((file) => {
  const path = relative(site, file).split(sep).join('/');
  const content = readFileSync(file);
  return {
    // Some hosts redirect index.html to the folder, and a redirected answer cannot stand for a page.
    path: path === 'index.html' ? './' : `./${path}`,
    bytes: content.length,
    integrity: `sha256-${createHash('sha256').update(content).digest('base64')}`,
    ...(isLater(path) ? { later: true } : {}),
  };
});
const version = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 12);
writeFileSync(join(site, 'precache.js'), `self.PRECACHE = ${JSON.stringify({ version, files }, null, 1)};\n`);
const kept = files.filter((file) => !file.later);
const megabytes = kept.reduce((sum, file) => sum + file.bytes, 0) / 1e6;
console.log(`    site ${version}: ${kept.length} files, ${megabytes.toFixed(1)} MB, kept for offline use`);
