// What files refer to: the one place that knows how pages, scripts and styles name others.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';

/** `import … from './a.js'` and `export … from './a.js'`: what a module cannot start without. */
const STATIC_IMPORT = /^\s*(?:import|export)\s(?:[^'"]*?from\s*)?['"](\.{1,2}\/[^'"]+)['"]/gm;

/** References by the file's extension, relative to the file. */
const REFERENCES = {
  '.html': [/(?:href|src)="(\.\/[^"#?]+)"/g],
  '.js': [STATIC_IMPORT, /import\s*\(\s*['"](\.{1,2}\/[^'"]+)['"]/g, /new URL\(\s*['"](\.{1,2}\/[^'"]+)['"],\s*import\.meta\.url/g],
  '.css': [/(?:url\(|@import\s+)['"]?(\.{1,2}\/[^'")]+)/g],
  '.webmanifest': [/"src":\s*"(\.\/[^"]+)"/g],
};

/** All files that are reached from `entries`, by any reference; of a folder that is named, all that is in it. */
export function reachable(...entries) {
  return walk(entries, (file) => REFERENCES[extname(file)] ?? []);
}

/** The modules that are loaded before one of `entries` runs. */
export function loadedWith(...entries) {
  return walk(entries, () => [STATIC_IMPORT]);
}

function walk(entries, patternsOf) {
  const seen = new Set();
  const pending = [...entries];
  while (pending.length > 0) {
    const file = pending.pop();
    if (seen.has(file) || !existsSync(file)) continue;
    if (statSync(file).isDirectory()) {
      pending.push(...readdirSync(file).map((name) => join(file, name)));
      continue;
    }
    seen.add(file);
    const patterns = patternsOf(file);
    const source = patterns.length > 0 ? readFileSync(file, 'utf8') : '';
    for (const pattern of patterns) {
      for (const [, address] of source.matchAll(pattern)) pending.push(resolve(dirname(file), address));
    }
  }
  return [...seen].sort();
}
