// A small picture of a plate for the history.

const WIDTH = 176;
const MARGIN = 0.12;

/**
 * Cuts a plate out of a picture or a frame, with a little of what is around it; null where that cannot be done.
 *
 * @param {CanvasImageSource} source
 * @param {{ width: number, height: number }} size of the source, in the pixels of `plate`
 * @param {{ boundingBox: { x: number, y: number, width: number, height: number } }} plate
 * @returns {string | null} a data URL
 */
export function thumbnail(source, size, { boundingBox: box }) {
  const margin = MARGIN * box.width;
  const x = Math.max(0, box.x - margin);
  const y = Math.max(0, box.y - margin / 2);
  const width = Math.min(size.width, box.x + box.width + margin) - x;
  const height = Math.min(size.height, box.y + box.height + margin / 2) - y;
  if (!(width >= 1 && height >= 1)) return null;
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  canvas.height = Math.round(Math.min(WIDTH, Math.max(1, (WIDTH * height) / width)));
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.drawImage(source, x, y, width, height, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/jpeg', 0.75);
}
