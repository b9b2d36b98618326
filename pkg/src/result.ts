import type { Taken } from './pixels.js';
import type { RawDetection, RawReading, RawResult } from './raw.js';
import { shifted } from './request.js';
import type { Plate, PlateBox, Quad, Rect, RecognizeResult } from './types.js';

/** Milliseconds that taking the pixels took, and reading them, with the way there and back. @internal */
export interface Spent {
  capture: number;
  reading: number;
}

/** The public result of a raw one. @internal */
export function toResult(raw: RawResult, taken: Taken, minConfidence: number, spent: Spent): RecognizeResult {
  const found = raw.readings.map((reading) => toPlate(reading, taken));
  const isSure = (plate: Plate): boolean => plate.text !== '' && plate.confidence >= minConfidence;
  const preprocess = spent.capture + raw.preprocess;
  return {
    plates: found.filter(isSure),
    rejected: found.filter((plate) => !isSure(plate)),
    timing: {
      preprocess,
      detect: raw.detect,
      recognize: raw.recognize,
      // Clocks of two threads differ by less than a rounding, but may.
      total: Math.max(spent.capture + spent.reading, preprocess + raw.detect + raw.recognize),
    },
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
  const cornerPoints = toQuad(shifted(reading.corners, x, y));
  const plate: Plate = {
    text,
    confidence,
    valid,
    kind,
    kindConfidence,
    parts,
    chars,
    candidates,
    boundingBox: boundingBox(cornerPoints),
    cornerPoints,
  };
  if (plateImage) plate.image = { data: plateImage, width: reading.plateWidth, height: reading.plateHeight };
  return plate;
}

function toQuad([x0, y0, x1, y1, x2, y2, x3, y3]: number[]): Quad {
  const point = (x = 0, y = 0): { x: number; y: number } => ({ x, y });
  return [point(x0, y0), point(x1, y1), point(x2, y2), point(x3, y3)];
}

function boundingBox(quad: Quad): Rect {
  const [xs, ys] = [quad.map((point) => point.x), quad.map((point) => point.y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}
