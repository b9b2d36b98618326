// `kr-lpr/plate` says what the grammar in Rust says: to the texts that `tests/plate_tables.rs` tried, and to itself.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import * as esbuild from 'esbuild';
import { cases, installed } from './setting.mjs';

const { KINDS, REGIONS, SYLLABLES, formatPlate, isValidPlate, matchesPlate, normalizePlate, parsePartialPlate, parsePlate } = await import(
  `file://${join(installed, 'dist/plate.js')}`
);
const verdicts = JSON.parse(await readFile(cases, 'utf8'));

test('it agrees with the grammar in Rust', () => {
  assert.ok(verdicts.length > 5000);
  for (const { input, plate } of verdicts) {
    const found = parsePlate(input);
    const expected = plate && (({ spaced: _, region, ...rest }) => ({ ...rest, ...(region && { region }) }))(plate);
    assert.deepEqual(found, expected, JSON.stringify(input));
    assert.equal(isValidPlate(input), plate !== null, JSON.stringify(input));
    if (plate) assert.equal(formatPlate(input), plate.spaced);
  }
});

test('it agrees with the grammar in Rust on texts of which some characters are not known', () => {
  const whole = ['12가3456', '123가4567', '서울12바3456'];
  let unknown = 0;
  for (const { input, partial } of verdicts) {
    const found = parsePartialPlate(input);
    const expected = partial && { text: partial.text, unknown: [...partial.text].filter((c) => c === '?').length, kinds: partial.kinds };
    assert.deepEqual(found, expected, JSON.stringify(input));
    if (!partial) continue;
    unknown += Math.sign(found.unknown);
    assert.equal(found.unknown === 0, partial.complete);
    assert.equal(formatPlate(input), partial.spaced, JSON.stringify(input));
    assert.deepEqual(whole.map((text) => matchesPlate(input, text)), partial.matches, JSON.stringify(input));
  }
  assert.ok(unknown > 200, `${unknown} texts with unknown characters`);
});

test('what is valid stays valid however it is written', () => {
  for (const { plate } of verdicts.filter(({ plate }) => plate)) {
    const { text, spaced, kinds } = plate;
    for (const written of [text, spaced, text.normalize('NFD'), ` ${spaced}\n`, spaced.replaceAll(' ', '-'), [...text].join('·')]) {
      assert.equal(normalizePlate(written), text);
      assert.equal(parsePlate(written)?.text, text);
      assert.equal(formatPlate(written), spaced);
    }
    for (const kind of KINDS) assert.equal(isValidPlate(text, kind), kinds.includes(kind));
  }
});

test('the tables hold together', () => {
  assert.equal(REGIONS.length, 17);
  assert.deepEqual(Object.keys(SYLLABLES), [...KINDS]);
  for (const kind of KINDS) assert.ok(SYLLABLES[kind].length > 0 && SYLLABLES[kind].every((letter) => /^[가-힣]{1,2}$/.test(letter)), kind);
  for (const odd of [undefined, null, 7, {}, '', '가'.repeat(1e6), '1'.repeat(1e6)]) assert.equal(parsePlate(odd), null);
});

test('it is small', async () => {
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(installed, 'dist/plate.js')],
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
  });
  const size = brotliCompressSync(outputFiles[0].contents).length;
  assert.ok(size <= 4096, `${size} bytes after brotli`);
});
