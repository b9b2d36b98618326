// Memory over a test's course: measured after a collection, checked to be flat, kept as JSON and as a picture.
import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { site } from './browser.mjs';

/** What is measured, and the bytes that it may have grown between the first measurement and the last. */
const LIMITS = {
  heap: 1e6, // JavaScript objects of the page
  buffers: 1e6, // what its array buffers hold
  wasm: 0, // linear memory of the page's module
  resident: 100e6, // the page's process with its workers: one lost worker in ten shows
};

/** The memory of a page while a test goes on. */
export class Series {
  #samples = [];

  constructor(name, page) {
    this.name = name;
    this.page = page;
  }

  /** Measures after `count` cycles or frames. */
  async measure(count) {
    this.client ??= await this.page.context().newCDPSession(this.page);
    await collectGarbage(this.client);
    const { usedSize, backingStorageSize } = await this.client.send('Runtime.getHeapUsage');
    const wasm = await this.page.evaluate(() => globalThis.memory?.buffer.byteLength ?? 0);
    this.#samples.push({ count, heap: usedSize, buffers: backingStorageSize, wasm, resident: await residentSize(this.page) });
  }

  /** Fails if memory grew; the samples are in the message. */
  assertFlat() {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    for (const [what, limit] of Object.entries(LIMITS)) {
      const grown = last[what] - first[what];
      const course = this.#samples.map((sample) => sample[what]).join(', ');
      assert.ok(grown <= limit, `${what} grew by ${grown} bytes from ${first.count} to ${last.count}: ${course}`);
    }
  }

  /** Writes `target/soak/NAME.json` and `.svg`. */
  async keep() {
    const folder = join(site, '../soak');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${this.name}.json`), `${JSON.stringify(this.#samples, null, 1)}\n`);
    await writeFile(join(folder, `${this.name}.svg`), draw(this.name, this.#samples));
  }
}

/** Collects garbage in the page that `client` is a session of: twice, since finalizers let go of more. */
export async function collectGarbage(client) {
  for (let i = 0; i < 2; i += 1) await client.send('HeapProfiler.collectGarbage');
}

/** Bytes in RAM of the process that runs the page and its workers; 0 where the system does not tell. */
async function residentSize(page) {
  if (process.platform !== 'linux') return 0;
  const client = await page.context().browser().newBrowserCDPSession();
  const { processInfo } = await client.send('SystemInfo.getProcessInfo');
  await client.detach();
  const sizes = processInfo.filter(({ type }) => type === 'renderer').map(async ({ id }) => {
    const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => ''); // one that has just ended
    return 1024 * Number(/^VmRSS:\s*(\d+) kB/m.exec(status)?.[1] ?? 0);
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** A line for each of what is measured, in megabytes from 0 on. */
function draw(name, samples) {
  const [width, height, margin] = [640, 150, 60];
  const most = Math.max(...samples.map(({ count }) => count), 1);
  const rows = Object.keys(LIMITS).map((what, row) => {
    const top = row * (height + margin) + margin;
    const largest = Math.max(...samples.map((sample) => sample[what]), 1);
    const at = (sample) => `${(margin + (sample.count / most) * width).toFixed(1)},${(top + height * (1 - sample[what] / largest)).toFixed(1)}`;
    const label = `${what}: ${(samples[0][what] / 1e6).toFixed(2)} MB at ${samples[0].count}, ${(samples.at(-1)[what] / 1e6).toFixed(2)} MB at ${samples.at(-1).count}`;
    return `<text x="${margin}" y="${top - 8}">${label}</text>
<path d="M${margin},${top} v${height} h${width}" fill="none" stroke="#888"/>
<polyline points="${samples.map(at).join(' ')}" fill="none" stroke="#06c" stroke-width="2"/>`;
  });
  const size = [width + 2 * margin, rows.length * (height + margin) + margin];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.join(' ')}" font-family="sans-serif" font-size="14">
<rect width="100%" height="100%" fill="#fff"/><text x="${margin}" y="24" font-weight="bold">${name}</text>
${rows.join('\n')}
</svg>
`;
}
