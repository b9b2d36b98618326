// Lists what the assembled site needs to work offline, for its service worker: `node precache.mjs SITE` writes
// SITE/precache.js. The list is what index.html reaches: its links and scripts, their imports and the literal
// `new URL('./…', import.meta.url)` of each, so a file that nobody asks for is not downloaded either.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

const site = resolve(process.argv[2] ?? '.');

/** WebGPU's module is several times as large as the rest: it is kept once a visitor has chosen it. */
const isLater = (path) => path.endsWith('/webgpu/kr_lpr_bg.wasm');

/** Addresses in a file that are relative to it. */
const REFERENCES = {
  html: [/(?:href|src)="(\.\/[^"#?]+)"/g],
  js: [/(?:from|import)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g, /new URL\(\s*['"](\.{1,2}\/[^'"]+)['"],\s*import\.meta\.url/g],
  css: [/(?:url\(|@import\s+)['"]?(\.{1,2}\/[^'")]+)/g],
  webmanifest: [/"src":\s*"(\.\/[^"]+)"/g],
};

function reach(file, seen) {
  if (seen.has(file) || !existsSync(file)) return;
  if (statSync(file).isDirectory()) {
    for (const name of readdirSync(file)) reach(join(file, name), seen);
    return;
  }
  seen.add(file);
  const patterns = REFERENCES[file.split('.').at(-1)] ?? [];
  const source = patterns.length > 0 ? readFileSync(file, 'utf8') : '';
  for (const pattern of patterns) {
    for (const [, address] of source.matchAll(pattern)) reach(resolve(dirname(file), address), seen);
  }
}

const reached = new Set();
reach(join(site, 'index.html'), reached);
reached.delete(join(site, 'service-worker.js')); // browsers fetch it themselves
const files = [...reached].sort().map((file) => {
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
