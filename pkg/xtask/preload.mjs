// Tells the assembled site's page which scripts it is going to need: `node preload.mjs SITE` adds a `modulepreload` link to
// SITE/index.html for every script that its own and the package's entry import. Without them a browser learns of each script
// from the one that imports it, one round trip after another.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

const site = resolve(process.argv[2] ?? '.');

/** `app.js` imports the package late, and always. */
const ENTRIES = ['app.js', 'kr-lpr/index.js'];

/** Imports and exports that name a file, the late ones `import(…)` left out. */
const STATIC_IMPORT = /^(?:import|export)\b[^'"();]*['"](\.{1,2}\/[^'"]+)['"];/gm;

function reach(file, seen) {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, address] of readFileSync(file, 'utf8').matchAll(STATIC_IMPORT)) reach(resolve(dirname(file), address), seen);
  return seen;
}

const scripts = new Set();
for (const entry of ENTRIES) reach(join(site, entry), scripts);
const page = join(site, 'index.html');
const links = [...scripts].map((file) => `  <link rel="modulepreload" href="./${relative(site, file).split(sep).join('/')}">\n`);
const html = readFileSync(page, 'utf8');
const end = html.indexOf('</head>');
if (end < 0) throw new Error(`${page} has no </head>`);
writeFileSync(page, html.slice(0, end) + links.join('') + html.slice(end));
console.log(`    site: ${links.length} scripts are asked for at once`);
