// The exported ONNX files in onnxruntime: the same numbers and the same text as the networks that ship.
// `training/tests/onnx.rs` writes them, the golden pictures' inputs and Burn's answers to KR_LPR_ONNX.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import * as ort from 'onnxruntime-web';

ort.env.wasm.numThreads = 1;

const folder = process.env.KR_LPR_ONNX;
const { classes, cases, detector } = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8'));
const open = (file) => ort.InferenceSession.create(readFileSync(join(folder, file)), { executionProviders: ['wasm'] });
const input = (batch) =>
  new ort.Tensor('float32', Float32Array.from(batch.flatMap(({ images }) => images)), [batch.length, 1, 96, 192]);

/** Sums are added up in another order; logits of -30 differ in the fifth digit. */
const close = (actual, expected, what) => {
  assert.equal(actual.length, expected.length, what);
  const worst = Math.max(...expected.map((value, i) => Math.abs(value - actual[i]) / Math.max(1, Math.abs(value))));
  assert.ok(worst < 1e-3, `${what} is off by ${worst}`);
};

/** The most probable class of every step, repeats and blanks left out. */
function bestPath(logProbs) {
  const steps = logProbs.length / classes.length;
  const best = Array.from({ length: steps }, (_, step) => {
    const row = logProbs.slice(step * classes.length, (step + 1) * classes.length);
    return row.indexOf(Math.max(...row));
  });
  return best.map((label, step) => (label === best[step - 1] ? '' : classes[label])).join('');
}

describe('recognizer.onnx', async () => {
  const session = await open('recognizer.onnx');

  for (const expected of cases) {
    test(expected.file, async () => {
      const answer = await session.run({ images: input([expected]) });
      close(answer.log_probs.data, expected.log_probs, 'log_probs');
      close(answer.kind_logits.data, expected.kind_logits, 'kind_logits');
      assert.equal(bestPath(Array.from(answer.log_probs.data)), expected.text);
    });
  }

  test('a batch of several is read as each alone', async () => {
    const batch = cases.slice(0, 3);
    const answer = await session.run({ images: input(batch) });
    assert.deepEqual(answer.log_probs.dims, [3, 16, classes.length]);
    close(answer.log_probs.data, batch.flatMap(({ log_probs }) => log_probs), 'log_probs');
  });
});

test('aligner.onnx finds the same corners', async () => {
  const session = await open('aligner.onnx');
  const { corners } = await session.run({ images: input(cases) });
  assert.deepEqual(corners.dims, [cases.length, 4, 2]);
  close(corners.data, cases.flatMap((expected) => expected.corners), 'corners');
});

test('detector.onnx finds the same', async () => {
  const session = await open('detector.onnx');
  const { maps } = await session.run({ images: new ort.Tensor('float32', Float32Array.from(detector.images), detector.size) });
  close(maps.data, detector.maps, 'maps');
});
