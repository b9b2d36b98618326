// Writes pkg/wasm/inline-files.js: the CPU's wasm and the weights as strings, for the entry `kr-lpr/inline`.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { constants, gzipSync } from 'node:zlib';

const pkg = new URL('../', import.meta.url);
const packed = (path) => gzipSync(readFileSync(new URL(path, pkg)), { level: constants.Z_BEST_COMPRESSION }).toString('base64');
const weights = readdirSync(new URL('weights/', pkg)).filter((name) => name.endsWith('.bin'));
const entries = weights.map((name) => `  ${name.replace('.bin', '')}:\n    '${packed(`weights/${name}`)}',\n`);

writeFileSync(
  new URL('wasm/inline-files.js', pkg),
  `// Compressed with gzip, in base 64.\nexport const WASM =\n  '${packed('wasm/cpu/kr_lpr_stripped.wasm')}';\n` +
    `export const WEIGHTS = {\n${entries.join('')}};\n`,
);
writeFileSync(
  new URL('wasm/inline-files.d.ts', pkg),
  'export const WASM: string;\nexport const WEIGHTS: Record<string, string>;\n',
);
