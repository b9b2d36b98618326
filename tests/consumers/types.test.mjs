// The types of the installed package: found by every way of resolving them, without problems, and documented.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { installed, makeApp, project, tool } from './setting.mjs';

/** Runs a script of this folder's packages; resolves to what it printed, also when it fails. */
async function run(script, ...given) {
  const options = { cwd: project, maxBuffer: 1 << 26 };
  return promisify(execFile)(process.execPath, [tool(script), ...given], options).then(
    ({ stdout }) => ({ code: 0, stdout }),
    ({ code, stdout, stderr }) => ({ code, stdout: stdout + stderr }),
  );
}

test('are the types wrong? No', async () => {
  const tarball = (await readdir(project)).find((name) => name.endsWith('.tgz'));
  const { code, stdout } = await run('@arethetypeswrong/cli/dist/index.js', join(project, tarball), '--profile', 'esm-only', '--format', 'table-flipped', '--exclude-entrypoints', 'package.json');
  assert.equal(code, 0, stdout);
});

const USE = `import { KrLprError, PlateRecognizer, type Plate, type PlateBox, type PlateTracker, type TrackUpdate } from 'kr-lpr';
import { PlateCamera } from 'kr-lpr/camera';
import { PlateScanner } from 'kr-lpr/scanner';
import { KINDS, parsePlate } from 'kr-lpr/plate';
import { PlateRecognizer as Inline } from 'kr-lpr/inline';
import 'kr-lpr/worker';

export async function use(canvas: HTMLCanvasElement, video: HTMLVideoElement): Promise<Plate | undefined> {
  const recognizer: PlateRecognizer = await PlateRecognizer.create({ backend: 'auto', worker: true, onProgress: ({ phase }) => phase });
  const { plates } = await recognizer.recognize(canvas, { mode: 'scene', region: { x: 0, y: 0, width: 9, height: 9 } });
  const boxes: PlateBox[] = await recognizer.detect(canvas);
  const tracker: PlateTracker = recognizer.createTracker();
  const update: TrackUpdate = await tracker.push(canvas, 0);
  const frames = new PlateCamera(video, tracker);
  frames.addEventListener('result', ({ detail }) => detail.result.tracks.map(({ best }) => best.text));
  const stills = new PlateCamera(video, recognizer);
  stills.addEventListener('result', ({ detail }) => detail.result.plates);
  recognizer.addEventListener('backendchange', ({ detail: { backend } }) => backend);
  const scanner = await PlateScanner.start(video, (plate) => plate.text, { recognizer, track: { mode: 'crop' } });
  await scanner.close();
  const error = new KrLprError('CLOSED', String(KINDS[0]));
  const inline: PlateRecognizer = await Inline.create();
  // @ts-expect-error: made with create() only
  new PlateRecognizer({});
  // @ts-expect-error: there is no such mode
  await recognizer.recognize(canvas, { mode: 'street' });
  return boxes.length + update.tracks.length > 0 && error.code && inline.info.worker && parsePlate('12가3456') ? plates[0] : undefined;
}
`;

/** What a program without a browser's types can say. */
const USE_WITHOUT_DOM = `import { PlateRecognizer, type Plate, type RawPixels } from 'kr-lpr';
import { isValidPlate } from 'kr-lpr/plate';
import { PlateRecognizer as Inline } from 'kr-lpr/inline';
import { PlateCamera } from 'kr-lpr/camera';
import { PlateScanner } from 'kr-lpr/scanner';
import 'kr-lpr/worker';

export async function use(pixels: RawPixels, file: Uint8Array): Promise<Plate | undefined> {
  const recognizer = await PlateRecognizer.create({ worker: false });
  recognizer.addEventListener('backendchange', ({ detail }) => detail.backend);
  const { plates } = await recognizer.recognize(pixels, { mode: 'scene' });
  await recognizer.recognize(file);
  // @ts-expect-error: a number is no picture
  await recognizer.recognize(7);
  const can: boolean = await PlateRecognizer.isSupported();
  recognizer.close();
  return can && isValidPlate(plates[0]?.text ?? '') ? plates[0] : undefined;
}
export const entries = [Inline, PlateCamera, PlateScanner];
`;

for (const [module, moduleResolution] of [['nodenext', 'nodenext'], ['esnext', 'bundler']]) {
  for (const [what, source, lib] of [
    ['with every type', USE, ['es2022', 'dom', 'esnext.disposable']],
    ['without those of `using`', USE, ['es2022', 'dom']],
    ['without those of a browser', USE_WITHOUT_DOM, ['es2022']],
  ]) {
    test(`TypeScript compiles against them, resolution ${moduleResolution}, ${what}`, async (t) => {
      const compilerOptions = { strict: true, noEmit: true, target: 'es2022', module, moduleResolution, exactOptionalPropertyTypes: true, skipLibCheck: false, lib, types: [] };
      const root = await makeApp(t, `types-${moduleResolution}-${lib.length}`, { 'use.ts': source, 'tsconfig.json': JSON.stringify({ compilerOptions, include: ['use.ts'] }), 'package.json': '{ "type": "module" }' });
      const { code, stdout } = await run('typescript/bin/tsc', '--project', root);
      assert.equal(code, 0, stdout);
    });
  }
}

test('everything public is documented', async (t) => {
  const entries = ['index', 'camera', 'plate', 'scanner'].map((name) => join(installed, 'dist', `${name}.d.ts`));
  const compilerOptions = { strict: true, target: 'es2022', module: 'nodenext', lib: ['es2022', 'dom', 'esnext.disposable'], types: [], skipLibCheck: true };
  const root = await makeApp(t, 'docs', { 'tsconfig.json': JSON.stringify({ compilerOptions, files: entries }) });
  const { code, stdout } = await run('typedoc/bin/typedoc', ...entries.flatMap((entry) => ['--entryPoints', entry]), '--tsconfig', join(root, 'tsconfig.json'), '--out', join(root, 'docs'), '--readme', 'none', '--excludeExternals', 'false', '--validation.notDocumented', '--treatWarningsAsErrors', '--treatValidationWarningsAsErrors', '--disableSources', '--hideGenerator', '--excludePrivate', '--excludeProtected', '--excludeInternal');
  assert.equal(code, 0, stdout);
  assert.ok((await readdir(join(root, 'docs'))).includes('index.html'));
});
