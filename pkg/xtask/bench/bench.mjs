// Drives Chromium over the bench page and prints the table. Started by `cargo xtask bench`, which says where things are:
// CHROMIUM, KR_LPR_URL (serves the bench folder), KR_LPR_BENCH (that folder), KR_LPR_NATIVE (the native times).
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { firstReading, sizes, total } from '../sizes.mjs';

const { CHROMIUM, KR_LPR_URL, KR_LPR_BENCH, KR_LPR_NATIVE } = process.env;

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
const rows = [
  { name: 'native, CPU, 1 thread', preprocess: spread(native.preprocess), network: spread(native.recognize), download: '' },
  { name: 'native, CPU, 1 thread, network alone', preprocess: '', network: spread(native.network), download: '' },
  await browserRow('Chromium, CPU (wasm SIMD)', (page) => page.evaluate(() => measureKrLpr('cpu', 30, 200)), firstReading('cpu')),
  await browserRow('Chromium, WebGPU (software adapter)', (page) => page.evaluate(() => measureKrLpr('webgpu', 3, 20)), firstReading('webgpu')),
  await browserRow('Chromium, onnxruntime-web (wasm SIMD, 1 thread), network alone', (page) => page.evaluate(() => measureOnnxRuntime(30, 200)), onnxRuntimeFiles()),
];

console.log(`\n| one plate, ${cpus()[0].model}, ${cpus().length} cores | preprocessing | network | first download |`);
console.log('|---|---|---|---|');
for (const { name, preprocess, network, download } of rows) console.log(`| ${name} | ${preprocess} | ${network} | ${download} |`);
console.log('\nMedian and 95th percentile in milliseconds; download after brotli (before it). Preprocessing straightens the crop;');
console.log('the network is timed with the normalisation before it and the decoding after it, unless it says `network alone`.');

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

async function browserRow(name, measure, files) {
  const { preprocess, network } = await inBrowser(name, measure);
  const sum = total(files);
  const download = `${kilobytes(sum.brotli)} (${kilobytes(sum.raw)})`;
  return { name, preprocess: preprocess ? spread(preprocess) : '', network: spread(network), download };
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
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const quantile = (q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))].toFixed(2);
  return `${quantile(0.5)}, ${quantile(0.95)}`;
}

function kilobytes(bytes) {
  return `${Math.round(bytes / 1000)} KB`;
}
