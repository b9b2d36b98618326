// Draws what the network saw of a plate, and where it looked for a character.

const TINT = [255, 45, 155]; // the colour of outlines in pictures
const STRONGEST = 0.6; // how opaque the tint is where the network looked most

/** Paints one byte a pixel on a canvas. */
export function paintGrey(canvas, { data, width, height }) {
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i += 1) rgba.set([data[i], data[i], data[i], 255], i * 4);
  put(canvas, rgba, width, height);
}

/** Tints a painted canvas by a map of weights that covers it, however coarse. */
export function tintAttention(canvas, { data, width, height }) {
  const most = data.reduce((largest, weight) => Math.max(largest, weight), Number.MIN_VALUE);
  const rgba = new Uint8ClampedArray(width * height * 4);
  data.forEach((weight, i) => rgba.set([...TINT, (255 * STRONGEST * weight) / most], i * 4));
  const map = document.createElement('canvas');
  put(map, rgba, width, height);
  const context = canvas.getContext('2d');
  context.imageSmoothingEnabled = true;
  context.drawImage(map, 0, 0, canvas.width, canvas.height);
}

function put(canvas, rgba, width, height) {
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d').putImageData(new ImageData(rgba, width, height), 0, 0);
}
