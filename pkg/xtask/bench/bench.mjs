// Drives Chromium over the bench page and prints the table. Started by `cargo xtask bench`, which says where things are:
// CHROMIUM, KR_LPR_URL (serves the bench folder), KR_LPR_BENCH (that folder), KR_LPR_NATIVE (the native times). With KR_LPR_CHECK
// it leaves WebGPU out, and fails where ours takes longer than it may.
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { firstReading, sizes, total } from '../sizes.mjs';

const { CHROMIUM, KR_LPR_URL, KR_LPR_BENCH, KR_LPR_NATIVE, KR_LPR_CHECK } = process.env;

/** The share of onnxruntime-web's time for the network alone that ours may take, normalisation and decoding included. */
const MOST = 0.5;

/** Times that all contenders have their turn, one after another: a machine is not as fast all the time. */
const ROUNDS = 3;

/** Flags that give WebGPU an adapter where there is no GPU; a real one, where present, is preferred without them. */
const SOFTWARE_ADAPTER = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan'];

/** Width, height and plates of the frames that are timed. */
const FRAMES = [
  [640, 480, 1],
  [640, 480, 4],
  [1280, 720, 1],
  [1920, 1080, 1],
];

const native = JSON.parse(readFileSync(KR_LPR_NATIVE, 'utf8'));
const ours = { name: 'Chromium, CPU (wasm SIMD)', measure: () => measureKrLpr('cpu', 30, 70), files: firstReading('cpu') };
const webgpu = { name: 'Chromium, WebGPU (software adapter)', measure: () => measureKrLpr('webgpu', 3, 7) };
const theirs = {
  name: 'Chromium, onnxruntime-web (wasm SIMD, 1 thread), network alone',
  measure: () => measureOnnxRuntime(30, 70),
  files: onnxRuntimeFiles(),
};
const contenders = KR_LPR_CHECK ? [ours, theirs] : [ours, { ...webgpu, files: firstReading('webgpu') }, theirs];
const times = contenders.map(() => ({ preprocess: [], network: [] }));
for (let round = 0; round < ROUNDS; round++) {
  for (const [index, { name, measure }] of contenders.entries()) {
    const { preprocess = [], network } = await inBrowser(name, (page) => page.evaluate(measure));
    times[index].preprocess.push(...preprocess);
    times[index].network.push(...network);
  }
}
const rows = [
  { name: 'native, CPU, 1 thread', preprocess: spread(native.preprocess), network: spread(native.recognize), download: '' },
  { name: 'native, CPU, 1 thread, network alone', preprocess: '', network: spread(native.network), download: '' },
  ...contenders.map(({ name, files }, index) => row(name, times[index], files)),
];

console.log(`\n| one plate, ${cpus()[0].model}, ${cpus().length} cores | preprocessing | network | first download |`);
console.log('|---|---|---|---|');
for (const { name, preprocess, network, download } of rows) console.log(`| ${name} | ${preprocess} | ${network} | ${download} |`);
console.log('\nMedian and 95th percentile in milliseconds; download after brotli (before it). Preprocessing straightens the crop;');
console.log('the network is timed with the normalisation before it and the decoding after it, unless it says `network alone`.');

const share = quantile(times[0].network, 0.5) / quantile(times.at(-1).network, 0.5);
console.log(`\nWith normalisation and decoding ours takes ${share.toFixed(2)} of what onnxruntime-web takes for the network.`);
if (KR_LPR_CHECK && share > MOST) throw new Error(`that is more than ${MOST}`);

console.log('\n| whole frame in Chromium, CPU | plates | finding | reading | in all |');
console.log('|---|---|---|---|---|');
for (const [width, height, plates] of FRAMES) {
  const name = `${width}x${height}, ${plates}`;
  const times = await inBrowser(name, (page) => page.evaluate((frame) => measureFrame(frame, 20, 100), { width, height, plates }));
  if (times.seen !== plates) throw new Error(`${name} plates: ${times.seen} were read`);
  console.log(`| ${width}x${height} | ${plates} | ${spread(times.detect)} | ${spread(times.read)} | ${spread(times.total)} |`);
}
console.log('\nMedian and 95th percentile in milliseconds. The plates are about 125 pixels wide, in pictures of 160; the worker is asked');
console.log('from the page, which copies the frame.');

function row(name, { preprocess, network }, files) {
  const sum = total(files);
  const download = `${kilobytes(sum.brotli)} (${kilobytes(sum.raw)})`;
  return { name, preprocess: preprocess.length > 0 ? spread(preprocess) : '', network: spread(network), download };
}

/** One contender in a browser of its own, so that none inherits another's caches or clocks. */
async function inBrowser(name, measure) {
  console.error(`    ${name}`);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', ...SOFTWARE_ADAPTER] });
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(`    ${error}`));
    await page.goto(`${KR_LPR_URL}/bench.html`);
    await page.waitForFunction(() => globalThis.ready);
    return await measure(page);
  } finally {
    await browser.close();
  }
}

function onnxRuntimeFiles() {
  const files = ['ort/ort.wasm.min.mjs', 'ort/ort-wasm-simd-threaded.mjs', 'ort/ort-wasm-simd-threaded.wasm', 'recognizer.onnx'];
  return files.map((file) => ({ file, ...sizes(readFileSync(join(KR_LPR_BENCH, file))) }));
}

function spread(milliseconds) {
  return [0, 0.5, 0.95].map((share) => quantile(milliseconds, share).toFixed(2)).join(', ');
}

function quantile(milliseconds, share) {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

function kilobytes(bytes) {
  return `${Math.round(bytes / 1000)} KB`;
}
