// A clip for Chromium's fake camera: a sample plate of the page that moves about the middle of a grey frame.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { site } from './browser.mjs';

const [WIDTH, HEIGHT] = [640, 360];

/** Where the plate is in each frame, in pixels from the middle: frames that show the same count as one. */
const PLACES = [[0, 0], [24, 6], [44, -8], [18, -16], [-22, -10], [-44, 4], [-24, 14], [4, 18]];

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

/** The sample `file` of the page as it would lie about the page's guide frame, as RGBA; `page` decodes it. */
async function frame(page, file, [dx, dy]) {
  const jpeg = (await readFile(join(site, 'samples', file))).toString('base64');
  const rgba = await page.evaluate(
    async ({ jpeg, width, height, dx, dy }) => {
      const image = new Image();
      image.src = `data:image/jpeg;base64,${jpeg}`;
      await image.decode();
      const context = new OffscreenCanvas(width, height).getContext('2d');
      context.fillStyle = '#6b6f75';
      context.fillRect(0, 0, width, height);
      // The sample has some bumper around its plate.
      const w = width * 0.7;
      const h = (w * image.naturalHeight) / image.naturalWidth;
      context.drawImage(image, (width - w) / 2 + dx, (height - h) / 2 + dy, w, h);
      const { data } = context.getImageData(0, 0, width, height);
      let bytes = '';
      for (let i = 0; i < data.length; i += 8192) bytes += String.fromCharCode(...data.subarray(i, i + 8192));
      return btoa(bytes);
    },
    { jpeg, width: WIDTH, height: HEIGHT, dx, dy },
  );
  return Buffer.from(rgba, 'base64');
}

/** Writes the clip, which the fake camera plays again and again; it is removed after the test. */
export async function writeClip(t, browser, file) {
  const folder = await mkdtemp(join(tmpdir(), 'kr-lpr-clip-'));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, 'plate.y4m');
  const page = await browser.newPage();
  const frames = [];
  for (const place of PLACES) frames.push(Buffer.from('FRAME\n'), toI420(await frame(page, file, place)));
  await page.close();
  const head = Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F20:1 Ip A1:1 C420\n`);
  await writeFile(path, Buffer.concat([head, ...frames]));
  return path;
}

/** Chromium's arguments for a fake camera; `path` is what it plays. */
export const fakeCamera = (path) => [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  `--use-file-for-fake-video-capture=${path}`,
];
