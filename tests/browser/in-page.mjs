// Functions that run in the page: they can use nothing but the page's own globals.

/** What a promise settles to, in a form that crosses to the test: `{ value }` or `{ error: { name, code, message } }`. */
export async function attempt(promise) {
  try {
    return { value: await promise };
  } catch (error) {
    const typed = error instanceof lib.KrLprError;
    return { error: { name: error?.name, code: typed ? error.code : undefined, message: String(error?.message ?? error) } };
  }
}

/** A golden file as `ImageData`, with the bytes that the file has. */
export async function image(file) {
  const blob = await (await fetch(`/golden/${file}`)).blob();
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: 'none' });
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d', { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, bitmap.width, bitmap.height);
}
