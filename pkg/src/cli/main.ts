#!/usr/bin/env node
/**
 * `npx kr-lpr FILES`: the plates in pictures, as text, JSON or CSV.
 * @module
 */
import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { parseArguments, USAGE } from './arguments.js';
import { expand } from './files.js';
import { Csv, Json, type Output, Plain, type Reading } from './output.js';
import { messageOf } from '../errors.js';
import { PlateRecognizer, VERSION } from '../node.js';

/** What the program ends with: plates in every file; a file without any, or one that cannot be read; a wrong command line. */
const [FOUND, NOT_FOUND, USAGE_ERROR] = [0, 1, 2];

async function main(given: string[]): Promise<number> {
  // A reader of ours such as `head` may have seen enough.
  process.stdout.on('error', ({ code }) => process.exit(code === 'EPIPE' ? FOUND : NOT_FOUND));
  const parsed = parseArguments(given);
  if ('error' in parsed) {
    process.stderr.write(`kr-lpr: ${parsed.error}\nTry kr-lpr --help.\n`);
    return USAGE_ERROR;
  }
  if (parsed.show) {
    process.stdout.write(parsed.show === 'help' ? USAGE : `${VERSION}\n`);
    return FOUND;
  }
  const files = await expand(parsed.files);
  const output: Output = { plain: () => new Plain(files.length > 1), json: () => new Json(), csv: () => new Csv() }[parsed.format]();
  const progress = new Progress(files.length);
  const recognizer = await PlateRecognizer.create();
  let code = FOUND;
  const print = (text: string): void => void process.stdout.write(text);
  print(output.head());
  for (const file of files) {
    progress.show(file);
    const reading: Reading = await readFile(file)
      .then((bytes) => recognizer.recognize(bytes, parsed.options))
      .then((result) => ({ file, result }), (error: unknown) => ({ file, error: messageOf(error) }));
    progress.clear();
    if ('error' in reading) process.stderr.write(`kr-lpr: ${file}: ${reading.error}\n`);
    else if (reading.result.plates.length === 0) process.stderr.write(`kr-lpr: ${file}: no plate\n`);
    if ('error' in reading || reading.result.plates.length === 0) code = NOT_FOUND;
    print(output.of(reading));
  }
  recognizer.close();
  return code;
}

/** One line that is written over, where somebody sees it: which of how many files is being read. */
class Progress {
  #done = 0;
  readonly #shown: boolean;

  constructor(readonly total: number) {
    this.#shown = total > 1 && process.stderr.isTTY === true;
  }

  show(file: string): void {
    this.#done += 1;
    if (this.#shown) process.stderr.write(`\r\x1b[K${this.#done} of ${this.total}  ${file}`);
  }

  clear(): void {
    if (this.#shown) process.stderr.write('\r\x1b[K');
  }
}

// Last: classes are not known before their lines have run.
process.exitCode = await main(process.argv.slice(2));
