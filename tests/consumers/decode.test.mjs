// Files of pictures in Node: decoded by the package, upright, and named where they cannot be.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { chromium } from 'playwright-core';
import { CHROMIUM, installed, plate } from './setting.mjs';

const { PlateRecognizer } = await import(`file://${join(installed, 'dist/node.js')}`);
const { decodeFile } = await import(`file://${join(installed, 'dist/node-decode.js')}`);
const png = await readFile(new URL(`../golden/${plate.file}`, import.meta.url));
const [sample] = JSON.parse(await readFile(new URL('../../www/samples/index.json', import.meta.url), 'utf8'));
const jpeg = await readFile(new URL(`../../www/samples/${sample.file}`, import.meta.url));

/** A JPEG file with an EXIF segment that says how the camera was held. */
function held(file, orientation) {
  const tiff = Buffer.from('49492a0008000000010012010300010000000000000000000000', 'hex');
  tiff.writeUInt16LE(orientation, 18);
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([file.subarray(0, 2), head, body, file.subarray(2)]);
}

async function open(t) {
  const recognizer = await PlateRecognizer.create();
  t.after(() => recognizer.close());
  return recognizer;
}

test('the bytes of a file are read, whatever holds them', async (t) => {
  const recognizer = await open(t);
  const { buffer, byteOffset, length } = png;
  for (const file of [png, new Uint8Array(png), buffer.slice(byteOffset, byteOffset + length), new Blob([png])]) {
    const { plates } = await recognizer.recognize(file, { minConfidence: 0 });
    assert.equal(plates[0].text, plate.text);
  }
  const { plates } = await recognizer.recognize(jpeg);
  assert.equal(plates[0].text, sample.text);
});

test('WebP is read', async (t) => {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  t.after(() => browser.close());
  const page = await browser.newPage();
  const base64 = await page.evaluate(async (source) => {
    const image = Object.assign(new Image(), { src: source });
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
    canvas.getContext('2d').drawImage(image, 0, 0);
    return canvas.toDataURL('image/webp', 0.95).split(',')[1];
  }, `data:image/png;base64,${png.toString('base64')}`);
  const webp = Buffer.from(base64, 'base64');
  assert.equal(webp.toString('latin1', 8, 12), 'WEBP');
  const { plates } = await (await open(t)).recognize(webp, { minConfidence: 0 });
  assert.equal(plates[0].text, plate.text);
});

test('EXIF orientation is honoured', async (t) => {
  const recognizer = await open(t);
  const { size } = await recognizer.recognize(jpeg);
  const turned = await recognizer.recognize(held(jpeg, 6));
  assert.deepEqual(turned.size, { width: size.height, height: size.width });
  const upright = await decodeFile(held(jpeg, 1));
  const upsideDown = await decodeFile(held(jpeg, 3));
  assert.deepEqual(upsideDown.data.subarray(0, 3), upright.data.subarray(-3));
});

test('what cannot be decoded is named', async (t) => {
  const recognizer = await open(t);
  for (const [file, words] of [
    [new Uint8Array(0), /the file is empty/],
    [Buffer.from('<!doctype html>'), /is no picture: it begins with "<!doctype html>"/],
    [Buffer.from('\0\0\0\x18ftypheic\0\0\0\0', 'latin1'), /is HEIC, and JPEG, PNG and WebP are decoded; convert it first/],
    [png.subarray(0, 100), /is damaged/],
  ]) {
    await assert.rejects(recognizer.recognize(file), (error) => error.code === 'BAD_INPUT' && words.test(error.message));
  }
  await assert.rejects(decodeFile('car.jpg'), { code: 'BAD_INPUT' });
});
