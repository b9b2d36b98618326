import type { Taken } from './pixels.js';
import type { RawChar, RawDetection, RawReading, RawResult } from './raw.js';
import { shifted } from './request.js';
import type { Plate, PlateBox, PlateChar, Quad, Rect, RecognizeResult } from './types.js';

/** Milliseconds that taking the pixels took, and reading them, with the way there and back. @internal */
export interface Spent {
  capture: number;
  reading: number;
}

/** The public result of a raw one. @internal */
export function toResult(raw: RawResult, taken: Taken, spent: Spent): RecognizeResult {
  const { detect, recognize } = raw.timing;
  const preprocess = spent.capture + raw.timing.preprocess;
  // Clocks of two threads may differ by a rounding.
  const total = Math.max(spent.capture + spent.reading, preprocess + detect + recognize);
  return {
    plates: raw.plates.map((reading) => toPlate(reading, taken)),
    rejected: raw.rejected.map((reading) => toPlate(reading, taken)),
    mode: raw.mode,
    timing: { preprocess, detect, recognize, total },
    size: { ...taken.size },
  };
}

/** The public form of what was found. @internal */
export function toBoxes({ boxes }: RawDetection, { x, y }: Taken): PlateBox[] {
  return boxes.map(({ confidence, corners }) => {
    const cornerPoints = toQuad(shifted(corners, x, y));
    return { confidence, boundingBox: boundingBox(cornerPoints), cornerPoints };
  });
}

function toPlate(reading: RawReading, { x, y }: Taken): Plate {
  const { text, confidence, valid, kind, kindConfidence, parts, chars, candidates, plateImage } = reading;
  const inSource = (corners: number[]): Quad => toQuad(shifted(corners, x, y));
  const cornerPoints = inSource(reading.corners);
  const plate: Plate = {
    text,
    confidence,
    valid,
    kind,
    kindConfidence,
    parts,
    chars: chars.map((char) => toChar(char, inSource, reading.attentionGrid)),
    candidates,
    boundingBox: boundingBox(cornerPoints),
    cornerPoints,
    sharpness: reading.sharpness,
  };
  if (reading.detection !== undefined) plate.detection = reading.detection;
  if (plateImage) plate.image = { data: plateImage, width: reading.plateWidth, height: reading.plateHeight };
  return plate;
}

function toChar(raw: RawChar, inSource: (corners: number[]) => Quad, [height, width]: [number, number]): PlateChar {
  const { corners, attention, ...guesses } = raw;
  const char: PlateChar = guesses;
  if (corners) char.box = inSource(corners);
  if (attention) char.attention = { data: attention, width, height };
  return char;
}

/** Four corners of eight numbers. @internal */
export function toQuad([x0, y0, x1, y1, x2, y2, x3, y3]: number[]): Quad {
  const point = (x = 0, y = 0): { x: number; y: number } => ({ x, y });
  return [point(x0, y0), point(x1, y1), point(x2, y2), point(x3, y3)];
}

/** The rectangle around four corners. @internal */
export function boundingBox(quad: Quad): Rect {
  const [xs, ys] = [quad.map((point) => point.x), quad.map((point) => point.y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}
