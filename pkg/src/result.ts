import type { RawReading } from './raw.js';
import type { Plate, Quad, Rect, RecognizeResult } from './types.js';

/** The public result of a raw reading. `capture`: milliseconds that taking the pixels took. @internal */
export function toResult(
  reading: RawReading,
  size: { width: number; height: number },
  minConfidence: number,
  capture: number,
): RecognizeResult {
  const plate = toPlate(reading);
  const confident = plate.text !== '' && plate.confidence >= minConfidence;
  const preprocess = capture + reading.preprocess;
  return {
    plates: confident ? [plate] : [],
    rejected: confident ? [] : [plate],
    timing: { preprocess, detect: 0, recognize: reading.recognize, total: preprocess + reading.recognize },
    size: { width: size.width, height: size.height },
  };
}

function toPlate(reading: RawReading): Plate {
  const { text, confidence, valid, kind, kindConfidence, parts, chars, candidates, plateImage } = reading;
  const cornerPoints = toQuad(reading.corners);
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
    sharpness: reading.sharpness,
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
