// Every way a picture or a video gets onto the page: samples, file picker, drop, paste.

const isVideo = (file) => file.type.startsWith('video/');

/**
 * Reports files from the file picker, a drop anywhere on the page, and the clipboard. A video is reported alone: one can
 * play at a time.
 *
 * @param {{ picker: HTMLInputElement, veil: HTMLElement }} elements
 * @param {{ pictures: (files: File[]) => void, video: (file: File) => void }} on several pictures stay in their order
 */
export function listenForFiles({ picker, veil }, on) {
  const deliver = (list) => {
    const files = [...(list ?? [])];
    const video = files.find(isVideo);
    const pictures = files.filter((file) => !isVideo(file));
    if (pictures.length > 0) on.pictures(pictures);
    if (video) on.video(video);
  };

  picker.addEventListener('change', () => {
    deliver(picker.files);
    picker.value = ''; // so that choosing the same file again is a change
  });

  document.addEventListener('paste', (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    deliver(files);
  });

  const carriesFiles = (event) => event.dataTransfer?.types.includes('Files') ?? false;
  let depth = 0; // dragenter and dragleave fire for every element passed on the way
  const show = (change) => {
    depth = Math.max(0, depth + change);
    veil.hidden = depth === 0;
  };
  document.addEventListener('dragenter', (event) => carriesFiles(event) && show(1));
  document.addEventListener('dragleave', (event) => carriesFiles(event) && show(-1));
  document.addEventListener('dragover', (event) => carriesFiles(event) && event.preventDefault());
  document.addEventListener('drop', (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    show(-depth);
    deliver(event.dataTransfer.files);
  });
}

/**
 * The sample plates that come with the page, pictures included, so that they can be read offline. One that does not
 * arrive is left out.
 *
 * @returns {Promise<{ file: string, text: string, kind: string, picture: Blob, url: string }[]>}
 */
export async function loadSamples() {
  const base = new URL('../samples/', import.meta.url);
  const list = await (await fetchOk(new URL('index.json', base))).json();
  const samples = await Promise.allSettled(
    list.map(async (sample) => {
      const picture = await (await fetchOk(new URL(sample.file, base))).blob();
      return { ...sample, picture, url: URL.createObjectURL(picture) };
    }),
  );
  return samples.filter((s) => s.status === 'fulfilled').map((s) => s.value);
}

async function fetchOk(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.pathname}: ${response.status}`);
  return response;
}
