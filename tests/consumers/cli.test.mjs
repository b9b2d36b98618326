// `npx kr-lpr FILES`, as the installed package has it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { before, test } from 'node:test';
import { plates, project } from './setting.mjs';

const [first, second] = plates;
let folder;

/** Runs the command in the folder of pictures; resolves to what it printed and how it ended. */
function run(...given) {
  return new Promise((resolve) => {
    const command = join(project, 'node_modules/.bin/kr-lpr');
    execFile(command, given, { cwd: folder }, (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }));
  });
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kr-lpr-cli-'));
  const golden = (file) => fileURLToPath(new URL(`../golden/${file}`, import.meta.url));
  await mkdir(join(folder, 'more'));
  await copyFile(golden(first.file), join(folder, 'a.png'));
  await copyFile(golden(second.file), join(folder, 'more', 'b.png'));
  await writeFile(join(folder, 'more', 'notes.txt'), 'no picture');
  await copyFile(fileURLToPath(new URL('../../www/icons/icon-192.png', import.meta.url)), join(folder, 'empty.png'));
  await writeFile(join(folder, 'broken.jpg'), 'no picture either');
  return () => rm(folder, { recursive: true });
});

test('one file gives its text alone', async () => {
  assert.deepEqual(await run('a.png'), { code: 0, stdout: `${first.text}\n`, stderr: '' });
});

test('several files, a folder and a pattern', async () => {
  const both = `a.png: ${first.text}\n${join('more', 'b.png')}: ${second.text}\n`;
  assert.deepEqual(await run('a.png', join('more', 'b.png')), { code: 0, stdout: both, stderr: '' });
  assert.deepEqual(await run('a.png', 'more'), { code: 0, stdout: both, stderr: '' });
  assert.deepEqual(await run('a.*', join('more', '*.PNG')), { code: 0, stdout: both, stderr: '' });
});

test('JSON has all that is known, one line a file', async () => {
  const { code, stdout } = await run('--json', 'a.png', 'broken.jpg');
  const [read, failed] = stdout.trim().split('\n').map((line) => JSON.parse(line));
  assert.equal(code, 1);
  assert.equal(read.file, 'a.png');
  assert.equal(read.plates[0].text, first.text);
  assert.equal(read.plates[0].chars.length, [...first.text].length);
  assert.ok(read.size.width > 0 && Array.isArray(read.rejected));
  assert.equal(failed.file, 'broken.jpg');
  assert.match(failed.error, /no picture/);
});

test('CSV is a line a plate, and one for a file without any', async () => {
  const { code, stdout } = await run('a.png', 'empty.png', '--csv');
  const [head, read, empty, ...rest] = stdout.split('\r\n');
  assert.equal(code, 1);
  assert.equal(head, '\uFEFFfile,text,confidence,kind,valid,x,y,width,height');
  assert.ok(read.startsWith(`a.png,${first.text},`) && read.split(',').length === 9, read);
  assert.equal(empty, 'empty.png,,,,,,,,');
  assert.deepEqual(rest, ['']);
  assert.equal((await run('a.png', '--json', '--csv')).stdout, `${head}\r\n${read}\r\n`, 'the last one counts');
});

test('the exit status and the error stream say what went wrong', async () => {
  for (const [given, code, words] of [
    [['empty.png'], 1, /empty\.png: no plate/],
    [['broken.jpg', 'a.png'], 1, /broken\.jpg: the file is no picture: it begins with "no picture eithe/],
    [['missing.jpg'], 1, /missing\.jpg: ENOENT/],
    [['*.gif'], 1, /\*\.gif: ENOENT/],
    [[], 2, /no file is given/],
    [['--jsn', 'a.png'], 2, /Unknown option '--jsn'[^]*--help/],
    [['--crop', '--scene', 'a.png'], 2, /exclude each other/],
    [['--orientation', '45', 'a.png'], 2, /--orientation is 45; it is 0, 90, 180, 270, auto/],
    [['--max-plates', '0', 'a.png'], 2, /--max-plates is 0; it goes from 1 to 32/],
    [['--min-confidence', 'high', 'a.png'], 2, /--min-confidence is high; it goes from 0 to 1/],
  ]) {
    const { code: ended, stderr } = await run(...given);
    assert.match(stderr, words, given.join(' '));
    assert.equal(ended, code, given.join(' '));
  }
});

test('options reach the reader', async () => {
  assert.equal((await run('--crop', '--min-confidence', '0', 'a.png')).stdout, `${first.text}\n`);
  for (const [given, text] of [
    [['--min-confidence', '1'], ''],
    [['--orientation', '180'], ''],
    [['--orientation', 'auto', '--partial'], `${first.text}\n`],
  ]) {
    assert.equal((await run(...given, 'a.png')).stdout, text, given.join(' '));
  }
});

test('--help and --version', async () => {
  const { version } = JSON.parse(await readFile(join(project, 'node_modules/kr-lpr/package.json'), 'utf8'));
  const help = await run('--help');
  assert.equal(help.code, 0);
  assert.match(help.stdout, /^usage: kr-lpr[^]*--csv[^]*exit status/);
  assert.deepEqual(await run('--version'), { code: 0, stdout: `${version}\n`, stderr: '' });
});
