// What is downloaded before the first plate is read, by flavour: every module reachable from the package's entry and from its
// worker by static imports, the flavour's wasm and all weights. Run alone it prints the lists and fails above the budgets.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { loadedWith } from './imports.mjs';

/** Kilobytes after brotli, as a server would send them. The WebGPU flavour comes only where it is going to be used. */
const BUDGETS_KB = { cpu: 400, webgpu: 850 };

/** Likewise, of the CPU flavour without the weights, which may be the caller's own. */
const CODE_BUDGET_KB = 190;

/** Likewise, of the entry `kr-lpr/decode`, which Node and pages without a decoder load. */
const DECODE_BUDGET_KB = 190;

const dist = resolve(dirname(fileURLToPath(import.meta.url)), '../dist');

/** Raw and compressed bytes of a file's content. */
export function sizes(content) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  return { raw: content.length, brotli: brotliCompressSync(content, { params }).length };
}

/** The files a first reading loads on a flavour ('cpu' or 'webgpu'), with their sizes. */
export function firstReading(flavour) {
  const weights = readdirSync(join(dist, 'weights')).filter((name) => !name.endsWith('.md'));
  const files = [
    ...loadedWith(join(dist, 'index.js'), join(dist, 'worker.js')),
    join(dist, 'wasm', flavour, `kr_lpr_${flavour}.wasm`),
    ...weights.map((name) => join(dist, 'weights', name)),
  ];
  return files.map((file) => ({ file: relative(dist, file), ...sizes(readFileSync(file)) }));
}

/** The files that `kr-lpr/decode` loads, with their sizes. */
export function decoding() {
  const files = [...loadedWith(join(dist, 'decode.js')), join(dist, 'wasm/decode/kr_lpr_decode.wasm')];
  return files.map((file) => ({ file: relative(dist, file), ...sizes(readFileSync(file)) }));
}

/** The sums over `files`. */
export function total(files) {
  return files.reduce((sum, { raw, brotli }) => ({ raw: sum.raw + raw, brotli: sum.brotli + brotli }), { raw: 0, brotli: 0 });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const budgets = [...Object.entries(BUDGETS_KB), ['decode', DECODE_BUDGET_KB]];
  for (const [flavour, budget] of budgets) {
    if (!existsSync(join(dist, 'wasm', flavour, `kr_lpr_${flavour}.wasm`))) {
      console.log(`${flavour} is not part of this build`);
      continue;
    }
    const files = flavour === 'decode' ? decoding() : firstReading(flavour);
    const sum = total(files);
    const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`.padStart(12);
    for (const { file, raw, brotli } of files) console.log(kilobytes(raw), kilobytes(brotli), file);
    console.log(kilobytes(sum.raw), kilobytes(sum.brotli), `in all for ${flavour}; the budget is ${budget} KB after brotli`);
    const code = total(files.filter(({ file }) => !file.startsWith('weights')));
    const isHeavy = flavour === 'cpu' && code.brotli > CODE_BUDGET_KB * 1000;
    if (flavour === 'cpu') console.log(kilobytes(code.raw), kilobytes(code.brotli), `of it code; the budget is ${CODE_BUDGET_KB} KB`);
    if (isHeavy || sum.brotli > budget * 1000) {
      console.error(`What ${flavour} downloads before it begins is more than the budget allows.`);
      process.exitCode = 1;
    }
  }
}
