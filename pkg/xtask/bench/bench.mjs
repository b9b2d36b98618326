// Drives Chromium over the bench page and prints the table. Started by `cargo xtask bench`, which says where things are:
// CHROMIUM, KR_LPR_URL (serves the bench folder), KR_LPR_BENCH (that folder), KR_LPR_NATIVE (the native times). With KR_LPR_CHECK
// it leaves WebGPU out, and fails where ours takes longer than it may.
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { firstReading, sizes, total } from '../sizes.mjs';

const { CHROMIUM, KR_LPR_URL, KR_LPR_BENCH, KR_LPR_NATIVE, KR_LPR_CHECK } = process.env;

/**
 * The share of onnxruntime-web's time for a network that ours may take. The recognizer's has normalisation in it, the detector's all of
 * finding.
 */
const MOST = { recognizer: 0.5, detector: 1 };

/** Times that all contenders have their turn, one after another: a machine is not as fast all the time. */
const ROUNDS = 3;

/** Flags that give WebGPU an adapter where there is no GPU; a real one, where present, is preferred without them. */
const SOFTWARE_ADAPTER = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan'];

/** Width, height, plates and search of the frames that are timed. */
const FRAMES = [
  [640, 480, 1, 'quick'],
  [640, 480, 4, 'quick'],
  [1280, 720, 1, 'quick'],
  [1280, 720, 4, 'quick'],
  [1920, 1080, 1, 'quick'],
  [1920, 1080, 4, 'quick'],
  [640, 480, 1, 'thorough'],
  [1280, 720, 1, 'thorough'],
  [1920, 1080, 1, 'thorough'],
];

const native = JSON.parse(readFileSync(KR_LPR_NATIVE, 'utf8'));
const ours = { name: 'Chromium, CPU (wasm SIMD)', measure: () => measureKrLpr('cpu', 30, 70), files: firstReading('cpu') };
const webgpu = { name: 'Chromium, WebGPU (software adapter)', measure: () => measureKrLpr('webgpu', 3, 7) };
const theirs = {
  name: 'Chromium, onnxruntime-web (wasm SIMD, 1 thread)',
  measure: () => measureOnnxRuntime(30, 70),
  files: onnxRuntimeFiles(),
};
const contenders = KR_LPR_CHECK ? [ours, theirs] : [ours, { ...webgpu, files: firstReading('webgpu') }, theirs];
const times = contenders.map(() => ({}));
for (let round = 0; round < ROUNDS; round++) {
  for (const [index, { name, measure }] of contenders.entries()) {
    const measured = await inBrowser(name, (page) => page.evaluate(measure));
    for (const [stage, milliseconds] of Object.entries(measured)) (times[index][stage] ??= []).push(...milliseconds);
  }
}

const natively = { preprocess: native.preprocess, recognizer: native.network, decode: native.decode, detector: native.detector };
const rows = [{ name: 'native, CPU, 1 thread', times: natively, files: [] }];
for (const [index, { name, files }] of contenders.entries()) rows.push({ name, times: times[index], files });
const stages = ['preprocess', 'recognizer', 'decode', 'detector'];
console.log(`\n| ${cpus()[0].model}, ${cpus().length} cores | straightening | recognizer | decoding | detector | first download |`);
console.log('|---|---|---|---|---|---|');
for (const { name, times, files } of rows) {
  console.log(`| ${name} | ${stages.map((stage) => spread(times[stage] ?? [])).join(' | ')} | ${download(files)} |`);
}
console.log('\nLeast and median milliseconds; download after brotli (before it). The recognizer is its network alone, in Chromium with');
console.log('the normalisation before it; the detector is its network alone, on the first look at a frame.');

const frames = {};
for (const [width, height, plates, search] of FRAMES) {
  const name = `${width}x${height}, ${search} | ${plates}`;
  const frame = { width, height, plates, search };
  frames[name] = await inBrowser(name, (page) => page.evaluate((frame) => measureFrame(frame, 20, 100), frame));
  if (frames[name].seen !== plates) throw new Error(`${name} plates: ${frames[name].seen} were read`);
}
const clutter = await inBrowser('clutter', (page) => page.evaluate(() => measureClutter(20, 100)));
console.log('\n| whole frame in Chromium, CPU | plates | finding | reading | in all |');
console.log('|---|---|---|---|---|');
for (const [name, { detect, read, total }] of Object.entries(frames)) {
  console.log(`| ${name} | ${spread(detect)} | ${spread(read)} | ${spread(total)} |`);
}
console.log(`| 1280x720, cluttered, followed | ${clutter.candidates} candidates | | | ${spread(clutter.total)} |`);
console.log('\nLeast and median milliseconds. The plates are about 125 pixels wide, in pictures of 160. `in all` has the way to the worker');
console.log('and back, for which the page copies the frame, but where it is cluttered.');

const share = { recognizer: least(times[0].recognizer) / least(times.at(-1).recognizer) };
share.detector = least(frames['640x480, quick | 1'].detect) / least(times.at(-1).detector);
console.log(`\nOurs takes ${share.recognizer.toFixed(2)} of what onnxruntime-web takes for the recognizer. All of finding in a frame of 640x480 takes`);
console.log(`${share.detector.toFixed(2)} of what it takes for the detector alone.`);
for (const [network, most] of Object.entries(MOST)) {
  if (KR_LPR_CHECK && share[network] > most) throw new Error(`${network}: that is more than ${most}`);
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
  return milliseconds.length > 0 ? `${least(milliseconds).toFixed(2)}, ${median(milliseconds).toFixed(2)}` : '';
}

function least(milliseconds) {
  return Math.min(...milliseconds);
}

function median(milliseconds) {
  return [...milliseconds].sort((a, b) => a - b)[Math.floor(milliseconds.length / 2)];
}

function download(files) {
  const { brotli, raw } = total(files);
  return files.length > 0 ? `${kilobytes(brotli)} (${kilobytes(raw)})` : '';
}

function kilobytes(bytes) {
  return `${Math.round(bytes / 1000)} KB`;
}
