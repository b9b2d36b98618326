// What can be done while a camera or a video runs: hold, end, another camera, its lamp, its zoom.

import { elements, make } from '../dom.js';
import { t } from '../i18n/i18n.js';

function button(testid, words, act, properties = {}) {
  const node = make('button', { type: 'button', className: 'button', 'data-testid': testid, ...properties }, words);
  node.addEventListener('click', act);
  return node;
}

function field(words, control) {
  return make('label', { className: 'field' }, make('span', {}, words), control);
}

function cameraList(cameras, camera, setCamera) {
  const select = make('select', { 'data-testid': 'camera-list' });
  cameras.forEach(({ id, label }, index) => {
    select.append(make('option', { value: id, selected: id === camera?.id }, label || t('cameraNumber', index + 1)));
  });
  select.addEventListener('change', () => setCamera(select.value));
  return field(t('cameraList'), select);
}

function zoomRange({ min, max, step, value }, setZoom) {
  const range = make('input', { type: 'range', min, max, step: step || 'any', 'data-testid': 'zoom' });
  range.value = value;
  range.addEventListener('input', () => setZoom(range.valueAsNumber));
  return field(t('zoom'), range);
}

/**
 * Draws the controls.
 *
 * @param {{ kind: 'camera', camera: object, cameras: object[] } | { kind: 'video', playing: boolean } | null} source
 *   `camera` is the package's running camera, `cameras` those to choose from
 * @param {Record<'pause' | 'resume' | 'stop', () => void> & Record<'setCamera' | 'setTorch' | 'setZoom', (to: any) => void>} acts
 */
export function renderControls(source, acts) {
  const { controls } = elements;
  controls.hidden = source === null;
  if (source === null) {
    controls.replaceChildren();
    return;
  }
  const holds = source.kind === 'video' && !source.playing;
  const nodes = [
    button('pause', t(holds ? 'resume' : 'pause'), holds ? acts.resume : acts.pause),
    button('stop', t('stop'), acts.stop),
  ];
  if (source.kind === 'camera') {
    const { camera, cameras } = source;
    const { torch, zoom } = camera;
    if (torch.supported) {
      const lamp = button('torch', t('torch'), () => acts.setTorch(!camera.torch.on));
      lamp.setAttribute('aria-pressed', String(torch.on));
      nodes.push(lamp);
    }
    if (cameras.length > 1) nodes.push(cameraList(cameras, camera.camera, acts.setCamera));
    if (zoom.supported) nodes.push(zoomRange(zoom, acts.setZoom));
  }
  controls.replaceChildren(...nodes);
}
