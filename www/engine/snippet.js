// The code that does what the page is doing, as its switches stand.

import { chosen, elements, make } from '../dom.js';
import { openedTab } from '../tabs.js';

/** Loading, as the switch of the backend stands. */
function create() {
  const backend = chosen('backend');
  const options = backend === 'auto' ? '' : `\n  { backend: '${backend}' }`;
  return `const recognizer = await PlateRecognizer.create(${options});`;
}

function picturesCode(mode) {
  return `import { PlateRecognizer } from 'kr-lpr';

${create()}
const input = document.querySelector('input[type=file]');

input.onchange = async () => {
  const { plates, timing } = await recognizer.recognize(
    input.files[0], { mode: '${mode}', nBest: 5 });
  for (const { text, kind, confidence } of plates)
    console.log(text, kind, confidence, timing.total);
};`;
}

function cameraCode(mode) {
  const guide = chosen('guide');
  const region =
    guide === 'none'
      ? ''
      : `,
  { read: () => ({ region: { x, y, width, height } }) }`;
  return `import { PlateRecognizer } from 'kr-lpr';
import { PlateCamera } from 'kr-lpr/camera';

${create()}
const tracker = recognizer.createTracker({ mode: '${mode}', nBest: 5 });
const camera = new PlateCamera(
  document.querySelector('video'), tracker${region});

camera.addEventListener('statechange', ({ detail }) =>
  console.log(detail.state)); // 'running', 'denied', ...
camera.addEventListener('result', ({ detail }) => {
  for (const { best, state, agreeing, votes } of
       detail.result.tracks)
    console.log(best.text, state, agreeing, votes);
});
button.onclick = () => camera.start();`;
}

function benchmarkCode() {
  return `import { PlateRecognizer } from 'kr-lpr';

for (const backend of ['cpu', 'webgpu']) {
  const recognizer = await PlateRecognizer.create({ backend });
  const picture = await createImageBitmap(blob);
  for (let i = 0; i < 40; i += 1) {
    const { timing } = await recognizer.recognize(picture);
    console.log(backend, timing.total);
  }
  recognizer.close();
}`;
}

const TOKENS = /('[^']*')|(\/\/.*$)|\b(import|from|const|await|async|for|of|let|new|console)\b/gm;

/** Keywords become <b>, strings <i>, comments <em>. */
function coloured(code) {
  const nodes = [];
  let end = 0;
  for (const match of code.matchAll(TOKENS)) {
    nodes.push(code.slice(end, match.index));
    const tag = match[1] ? 'i' : match[2] ? 'em' : 'b';
    nodes.push(make(tag, {}, match[0]));
    end = match.index + match[0].length;
  }
  return [...nodes, code.slice(end)];
}

/** Shows the code for the open tab; `mode` is what the package is asked to look for. */
export function renderSnippet(mode) {
  const code = { camera: cameraCode, benchmark: benchmarkCode }[openedTab()] ?? picturesCode;
  elements.code.replaceChildren(...coloured(code(mode)));
}
