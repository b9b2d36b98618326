// A clip for Chromium's fake camera: a sample plate of the page that moves about in the middle of a grey frame, since a
// picture that stands still counts as one look.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { site } from './browser.mjs';

const [WIDTH, HEIGHT] = [640, 360];
const FRAMES = 12;

/** Studio-range BT.601, as cameras send it; rows of Y, then of U and V at half the size. */
function toI420(rgba) {
  const luma = Buffer.alloc(WIDTH * HEIGHT);
  const chroma = [Buffer.alloc((WIDTH * HEIGHT) / 4), Buffer.alloc((WIDTH * HEIGHT) / 4)];
  for (let y = 0; y < HEIGHT; y += 1) {
    for (let x = 0; x < WIDTH; x += 1) {
      const [r, g, b] = rgba.subarray((y * WIDTH + x) * 4);
      luma[y * WIDTH + x] = 16 + (65.738 * r + 129.057 * g + 25.064 * b) / 256;
      if (x % 2 || y % 2) continue;
      const at = (y / 2) * (WIDTH / 2) + x / 2;
      chroma[0][at] = 128 + (-37.945 * r - 74.494 * g + 112.439 * b) / 256;
      chroma[1][at] = 128 + (112.439 * r - 94.154 * g - 18.285 * b) / 256;
    }
  }
  return Buffer.concat([luma, ...chroma]);
}

/**
 * Runs in the page: draws frame `index` of the clip. The sample has some bumper around its plate, and lies in the page's
 * guide frame all the time.
 */
export function drawFrame(context, image, index) {
  const { width, height } = context.canvas;
  context.fillStyle = `hsl(210 5% ${40 + (index % 7)}%)`;
  context.fillRect(0, 0, width, height);
  const w = width * (0.66 + 0.03 * Math.sin(index * 1.7));
  const h = (w * image.naturalHeight) / image.naturalWidth;
  const x = (width - w) / 2 + width * 0.015 * Math.sin(index * 2.3);
  const y = (height - h) / 2 + height * 0.012 * Math.cos(index * 1.1);
  context.drawImage(image, x, y, w, h);
}

/** The frames of the clip as RGBA; `browser` decodes the sample `file` and draws. */
async function frames(browser, file) {
  const page = await browser.newPage();
  const jpeg = (await readFile(join(site, 'samples', file))).toString('base64');
  await page.evaluate(`globalThis.drawFrame = ${drawFrame}`);
  const all = await page.evaluate(
    async ({ jpeg, width, height, count }) => {
      const image = new Image();
      image.src = `data:image/jpeg;base64,${jpeg}`;
      await image.decode();
      const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
      return Array.from({ length: count }, (_, index) => {
        globalThis.drawFrame(context, image, index);
        const { data } = context.getImageData(0, 0, width, height);
        let bytes = '';
        for (let i = 0; i < data.length; i += 8192) bytes += String.fromCharCode(...data.subarray(i, i + 8192));
        return btoa(bytes);
      });
    },
    { jpeg, width: WIDTH, height: HEIGHT, count: FRAMES },
  );
  await page.close();
  return all.map((rgba) => Buffer.from(rgba, 'base64'));
}

/** Writes the clip, which the fake camera plays again and again; it is removed after the test. */
export async function writeClip(t, browser, file) {
  const folder = await mkdtemp(join(tmpdir(), 'kr-lpr-clip-'));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, 'plate.y4m');
  const pictures = (await frames(browser, file)).map(toI420);
  const head = Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420\n`);
  await writeFile(path, Buffer.concat([head, ...pictures.flatMap((picture) => [Buffer.from('FRAME\n'), picture])]));
  return path;
}

/** Chromium's arguments for a fake camera; `path` is what it plays. */
export const fakeCamera = (path) => [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  `--use-file-for-fake-video-capture=${path}`,
];
