/**
 * The public form of what wasm tells: objects of points, in pixels of the source.
 * @module
 */
import type { Point, Quad, Rect } from './picture.js';
import { parsePlate } from './plate.js';
import type { RawChar, RawDetection, RawReading, RawResult, RawTiming, RawTrack } from './raw.js';
import type { Plate, PlateBox, PlateChar, PlateParts, RecognizeResult, Timing, Track } from './results.js';
import type { Taken } from './taken.js';

/** The public result of a raw one; `capture` is what taking the pixels took, in milliseconds. @internal */
export function toResult(raw: RawResult, taken: Taken, capture: number): RecognizeResult {
  return {
    plates: raw.plates.map((reading) => toPlate(reading, taken)),
    rejected: raw.rejected.map((reading) => toPlate(reading, taken)),
    mode: raw.mode,
    orientation: raw.orientation,
    timing: toTiming(raw.timing, capture),
    size: { ...taken.size },
  };
}

/** @internal */
export function toTiming({ total = 0, ...stages }: RawTiming, capture: number): Timing {
  return { ...stages, preprocess: capture + stages.preprocess, total: capture + total };
}

/** The public form of what was found. @internal */
export function toBoxes({ boxes }: RawDetection, taken: Taken): PlateBox[] {
  return boxes.map(({ confidence, corners }) => {
    const cornerPoints = toQuad(corners, taken);
    return { detectionConfidence: confidence, boundingBox: boundingBox(cornerPoints), cornerPoints };
  });
}

/** @internal */
export function toPlate(reading: RawReading, taken: Taken): Plate {
  const { text, confidence, valid, complete, cut, reason, kind, kindConfidence, parts, chars, candidates, plateImage } = reading;
  const cornerPoints = toQuad(reading.corners, taken);
  const plate: Plate = {
    text,
    confidence,
    valid,
    complete,
    cut,
    kind,
    kindConfidence,
    parts,
    chars: chars.map((char) => toChar(char, taken, reading.attentionGrid)),
    candidates,
    boundingBox: boundingBox(cornerPoints),
    cornerPoints,
    sharpness: reading.sharpness,
  };
  if (reason !== undefined) plate.reason = reason;
  if (reading.detection !== undefined) plate.detectionConfidence = reading.detection;
  if (plateImage) plate.image = { data: plateImage, width: reading.plateWidth, height: reading.plateHeight };
  return plate;
}

function toChar(raw: RawChar, taken: Taken, [height, width]: [number, number]): PlateChar {
  const { corners, attention, ...guesses } = raw;
  const char: PlateChar = guesses;
  if (corners) char.cornerPoints = toQuad(corners, taken);
  if (attention) char.attention = { data: attention, width, height };
  return char;
}

/** What the frames say of a track, put into the plate that was `seen` last. @internal */
export function toTrack(raw: RawTrack, seen: Plate, taken: Taken): Track {
  const { corners, smoothed, reading: _, text, confidence, valid, chars, kind, ...rest } = raw;
  const cornerPoints = toQuad(corners, taken);
  const others = seen.candidates.filter((candidate) => candidate.text !== text);
  const { reason: __, ...last } = seen;
  const best: Plate = {
    ...last,
    text,
    confidence,
    valid,
    complete: !text.includes('?'),
    chars,
    kind: kind ?? seen.kind,
    parts: text === seen.text ? seen.parts : partsOf(text),
    candidates: [{ text, confidence, valid }, ...others],
    boundingBox: boundingBox(cornerPoints),
    cornerPoints,
  };
  return { ...rest, best, smoothedCornerPoints: toQuad(smoothed, taken) };
}

function partsOf(text: string): PlateParts {
  const parsed = parsePlate(text);
  if (!parsed) return {};
  const { region, classCode, use, serial } = parsed;
  return { ...(region ? { region } : {}), ...(classCode ? { classCode } : {}), use, serial };
}

/** Four corners of eight numbers, which are in pixels of what was taken. */
function toQuad([x0, y0, x1, y1, x2, y2, x3, y3]: number[], { x, y, across, down }: Taken): Quad {
  const point = (right = 0, below = 0): Point => ({ x: x + right * across, y: y + below * down });
  return [point(x0, y0), point(x1, y1), point(x2, y2), point(x3, y3)];
}

/** Eight numbers in pixels of what was taken. @internal */
export function toTaken(quad: readonly number[], { x, y, across, down }: Taken): number[] {
  return quad.map((value, i) => (i % 2 === 0 ? (value - x) / across : (value - y) / down));
}

/** The rectangle around four corners. */
function boundingBox(quad: Quad): Rect {
  const [xs, ys] = [quad.map((point) => point.x), quad.map((point) => point.y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}
