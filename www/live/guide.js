// The plate-shaped frame in the middle of the picture: where to hold the plate, and the part of the picture that is read.

/** Width to height of the plates, in millimetres. */
const SHAPES = { long: [520, 110], short: [335, 155] };

/** Share of the picture's width that the frame takes, and at most of its height. */
const WIDTH = 0.62;
const HEIGHT = 0.5;

/** The frame's box in pixels of a picture of `width` x `height`; null for `none`. */
export function guideBox(shape, { width, height }) {
  if (!(shape in SHAPES)) return null;
  const [w, h] = SHAPES[shape];
  const scale = Math.min((width * WIDTH) / w, (height * HEIGHT) / h);
  const box = { width: w * scale, height: h * scale };
  return { x: (width - box.width) / 2, y: (height - box.height) / 2, ...box };
}

/**
 * The part of the picture to read. Nobody holds a plate exactly: a crop takes a margin, and plates are looked for with
 * some of the car around them, as the network that finds them has learned.
 */
export function regionOf(box, { width, height }, mode) {
  const margin = mode === 'crop' ? 0.12 * box.height : box.height;
  const x = Math.max(0, Math.round(box.x - margin));
  const y = Math.max(0, Math.round(box.y - margin));
  return {
    x,
    y,
    width: Math.min(width, Math.round(box.x + box.width + margin)) - x,
    height: Math.min(height, Math.round(box.y + box.height + margin)) - y,
  };
}
