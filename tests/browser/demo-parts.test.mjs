// Parts of the page that need no browser: the history, the latencies, the guide frame.
import assert from 'node:assert/strict';
import { test } from 'node:test';

// What the history needs of a browser.
const stored = new Map();
globalThis.localStorage = {
  getItem: (key) => stored.get(key) ?? null,
  setItem: (key, value) => void stored.set(key, value),
  removeItem: (key) => void stored.delete(key),
};
globalThis.addEventListener = () => {};

const { HistoryStore, toCsv, toJson } = await import('../../www/history/store.js');
const { Latency, WINDOW, percentile } = await import('../../www/engine/latency.js');
const { guideBox, regionOf } = await import('../../www/live/guide.js');
const { glyph } = await import('../../www/plate/face.js');
const { BOX } = await import('../../www/plate/glyphs.js');
const { toCsv: picturesToCsv } = await import('../../www/pictures/csv.js');

const plate = (text, confidence = 0.9) => ({ text, kind: 'ev', confidence, valid: true });

test('the history has one entry a plate, last seen first, and outlives the page', () => {
  const store = new HistoryStore();
  store.add(plate('12가3456', 0.8), 'camera', 'data:first', 1000);
  store.add(plate('34나5678'), 'video', null, 2000);
  store.add(plate('12가3456', 0.7), 'camera', 'data:worse', 3000);
  const [seen, other] = store.entries;
  assert.deepEqual([seen.text, seen.times, seen.first, seen.last], ['12가3456', 2, 1000, 3000]);
  assert.deepEqual([seen.confidence, seen.thumbnail], [0.8, 'data:first'], 'the better sighting is kept');
  assert.equal(other.text, '34나5678');
  assert.deepEqual(new HistoryStore().entries, store.entries);

  store.takeBack('12가3456');
  assert.equal(store.entries[0].times, 1);
  store.takeBack('12가3456');
  assert.deepEqual(store.entries.map(({ text }) => text), ['34나5678']);
  store.clear();
  assert.deepEqual(new HistoryStore().entries, []);
});

test('when storage is full the pictures go before the texts', () => {
  const store = new HistoryStore();
  const { setItem } = localStorage;
  localStorage.setItem = (key, value) => {
    if (value.length > 400) throw new DOMException('full', 'QuotaExceededError');
    setItem(key, value);
  };
  store.add(plate('12가3456'), 'camera', `data:${'x'.repeat(1000)}`, 1000);
  localStorage.setItem = setItem;
  assert.deepEqual(new HistoryStore().entries.map(({ text, thumbnail }) => [text, thumbnail]), [['12가3456', null]]);
  store.clear();
});

test('a character fills its box on the plate, and one that no plate has is drawn as its place', () => {
  const elements = [];
  globalThis.document = { createElementNS: (_, name) => (elements.push({ name }), { setAttribute: (key, value) => (elements.at(-1)[key] = value) }) };
  for (const char of ['7', '서', '?']) glyph(char, [100, 20, 40, 80]);
  delete globalThis.document;
  const [digit, letter, hidden] = elements;
  for (const { name, d, transform } of [digit, letter]) {
    assert.deepEqual([name, transform], ['path', `translate(100 20) scale(${40 / BOX} ${80 / BOX})`]);
    // Absolute starts of its polygons, within the box but for a little.
    const starts = [...d.matchAll(/M(-?\d+)[ -](\d+)/g)].flatMap(([, x, y]) => [+x, +y]);
    assert.ok(starts.length > 0 && starts.every((at) => at >= -0.1 * BOX && at <= 1.1 * BOX), d);
  }
  assert.notEqual(digit.d, letter.d);
  assert.deepEqual([hidden.name, hidden.class, hidden.x, hidden.width], ['rect', 'unseen', '102', '36']);
});

test('the history leaves as CSV and as JSON', () => {
  const entry = { ...plate('서울12바3456', 0.98765), source: 'camera', first: 0, last: 1000, times: 2, thumbnail: 'data:x' };
  const times = '1970-01-01T00:00:00.000Z,1970-01-01T00:00:01.000Z';
  const head = '\uFEFFtext,kind,confidence,valid,source,first,last,times';
  assert.equal(toCsv([entry]), `${head}\r\n서울12바3456,ev,0.9877,true,camera,${times},2\r\n`);
  const [plain] = JSON.parse(toJson([entry]));
  assert.deepEqual([plain.text, plain.last, plain.thumbnail], ['서울12바3456', '1970-01-01T00:00:01.000Z', undefined]);
});

test('pictures leave as CSV: a line a plate, incomplete ones too, and one for a picture without any', () => {
  const boundingBox = { x: 1, y: 2.25, width: 30, height: 4 };
  const read = (text, more = {}) => ({ ...plate(text), boundingBox, complete: true, ...more });
  const incomplete = read('12가3??6', { complete: false, valid: false, reason: 'incomplete' });
  const entries = [
    { name: 'a, "b".jpg', status: 'done', result: { plates: [read('12가3456')], rejected: [incomplete, read('34나5678', { reason: 'improbable' })] } },
    { name: 'c.jpg', status: 'done', result: { plates: [], rejected: [] } },
    { name: 'd.jpg', status: 'failed' },
    { name: 'e.jpg', status: 'waiting' },
  ];
  assert.deepEqual(picturesToCsv(entries).split('\r\n'), [
    '\uFEFFfile,text,confidence,kind,valid,x,y,width,height',
    '"a, ""b"".jpg",12가3456,0.9000,ev,true,1.0,2.3,30.0,4.0',
    '"a, ""b"".jpg",12가3??6,0.9000,ev,false,1.0,2.3,30.0,4.0',
    'c.jpg,,,,,,,,',
    'd.jpg,,,,,,,,',
    '',
  ]);
});

test('percentiles are values that were measured', () => {
  const values = Array.from({ length: 20 }, (_, i) => 20 - i);
  assert.deepEqual([0, 0.5, 0.95, 1].map((p) => percentile(values, p)), [1, 10, 19, 20]);
  assert.equal(percentile([7], 0.95), 7);
});

test('latencies look back on a window, the rate on two seconds', () => {
  const latency = new Latency();
  for (let i = 0; i < WINDOW + 10; i += 1) latency.add({ preprocess: 1, detect: 0, recognize: 2, decode: 1, total: i });
  assert.equal(latency.count, WINDOW);
  const rows = latency.rows();
  assert.deepEqual(rows.map(({ stage }) => stage), ['preprocess', 'recognize', 'decode', 'total'], 'a stage that was not run is left out');
  assert.equal(rows.at(-1).last, WINDOW + 9);
  assert.equal(latency.fps(0), null);
  for (let time = 0; time <= 3000; time += 100) latency.frame(time);
  assert.equal(latency.fps(3000), 10);
  assert.equal(latency.fps(6000), null);
});

test('the guide frame has the proportions of plates and lies in the picture', () => {
  for (const size of [{ width: 1280, height: 720 }, { width: 720, height: 1280 }, { width: 1000, height: 200 }]) {
    for (const [shape, proportion] of [['long', 520 / 110], ['short', 335 / 155]]) {
      const box = guideBox(shape, size);
      assert.ok(Math.abs(box.width / box.height - proportion) < 1e-9);
      assert.ok(Math.abs(box.x * 2 + box.width - size.width) < 1e-9 && Math.abs(box.y * 2 + box.height - size.height) < 1e-9);
      for (const mode of ['crop', 'scene']) {
        const region = regionOf(box, size, mode);
        assert.ok(region.x >= 0 && region.y >= 0 && region.x + region.width <= size.width && region.y + region.height <= size.height);
        assert.ok(region.width >= box.width && region.height >= box.height);
      }
    }
  }
  assert.equal(guideBox('none', { width: 10, height: 10 }), null);
});
