import { parseArgs } from 'node:util';
import type { RecognizeOptions } from '../options.js';

/** What `--help` prints. @internal */
export const USAGE = `usage: kr-lpr [options] FILE...

Reads South Korean licence plates in JPEG, PNG and WebP pictures and prints one line a plate.
A folder stands for the pictures in it. Nothing is uploaded.

  --json              one JSON object a file, a line each, with all that is known
  --csv               one line a plate: file, text, confidence, kind, valid, and its rectangle in pixels
  --crop              every picture shows one plate and little else
  --scene             every picture is a whole scene; left out, each is looked at
  --orientation D     degrees to turn pictures clockwise until they are upright: 0, 90, 180, 270, or auto; 0 if left out
  --partial           prints plates of which a part cannot be seen as well, with ? for each character that is hidden
  --min-confidence P  how sure a text must be to be printed, 0 to 1; 0.5 if left out
  --max-plates N      most plates a picture, 1 to 32; 8 if left out
  --help, --version

Of --json and --csv the last one counts. The exit status is 0 if there is a plate in every file, 1 if a file has none or
cannot be read, and 2 for a wrong command line.
`;

/** What the command line asks for. @internal */
export type Parsed =
  | { error: string }
  | { show: 'help' | 'version' }
  | { show?: undefined; files: string[]; format: 'plain' | 'json' | 'csv'; options: RecognizeOptions };

const OPTIONS = {
  json: { type: 'boolean' },
  csv: { type: 'boolean' },
  crop: { type: 'boolean' },
  scene: { type: 'boolean' },
  orientation: { type: 'string' },
  partial: { type: 'boolean' },
  'min-confidence': { type: 'string' },
  'max-plates': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

const ORIENTATIONS = [0, 90, 180, 270, 'auto'] as const;

/** Reads the words after the program's name. @internal */
export function parseArguments(given: string[]): Parsed {
  let parsed;
  try {
    parsed = parseArgs({ args: given, options: OPTIONS, allowPositionals: true, tokens: true });
  } catch (error) {
    return { error: (error as Error).message.split('. ')[0] ?? '' };
  }
  const { values, positionals: files, tokens } = parsed;
  if (values.help || values.version) return { show: values.help ? 'help' : 'version' };
  if (files.length === 0) return { error: 'no file is given' };
  if (values.crop && values.scene) return { error: '--crop and --scene exclude each other' };
  const formats = tokens.map(({ name }) => name).filter((name) => name === 'json' || name === 'csv');
  const options: RecognizeOptions = {};
  if (values.crop || values.scene) options.mode = values.crop ? 'crop' : 'scene';
  if (values.partial) options.partial = true;
  if (values.orientation !== undefined) {
    const orientation = ORIENTATIONS.find((known) => String(known) === values.orientation);
    if (orientation === undefined) return { error: `--orientation is ${values.orientation}; it is ${ORIENTATIONS.join(', ')}` };
    options.orientation = orientation;
  }
  for (const [name, key, most] of [['min-confidence', 'minConfidence', 1], ['max-plates', 'maxPlates', 32]] as const) {
    const text = values[name];
    if (text === undefined) continue;
    const value = Number(text);
    const isRight = text.trim() !== '' && value >= 0 && value <= most && (most === 1 || (Number.isInteger(value) && value > 0));
    if (!isRight) return { error: `--${name} is ${text}; it goes from ${most === 1 ? 0 : 1} to ${most}` };
    options[key] = value;
  }
  return { files, format: formats.at(-1) ?? 'plain', options };
}
