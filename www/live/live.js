// The panel of the camera: runs it or a video file, and shows what is read.

import { announceScreen, renderScreen } from './camera-screen.js';
import { renderControls } from './camera-controls.js';
import { FrameReader } from './frame-reader.js';
import { guideBox, regionOf } from './guide.js';
import { LiveCard } from './live-card.js';
import { renderOverlay } from './overlay.js';
import { choose, chosen, elements } from '../dom.js';
import { thumbnail } from '../history/thumbnail.js';
import { onLanguage, t } from '../i18n/i18n.js';
import { VideoFile } from './video-file.js';

const FAILURES = ['denied', 'no-camera', 'in-use', 'insecure', 'error', 'video'];

/** Events: `frame` when one was read, `confirmed` (detail: { plate, source, picture, instead }), `lost` (detail: error). */
export class Live extends EventTarget {
  #reader;
  #frames;
  #card = new LiveCard(() => this.#hint());
  #video = elements.video;
  #file;
  /** The package's camera, once it was started. */
  #camera = null;
  #cameras = [];
  #source = null;
  #failure = null;
  #guideSet = false;
  #warned = '';
  /** The text recorded for each track, so that a corrected one replaces it. */
  #recorded = new Map();

  /** @param {import('../reader.js').Reader} reader */
  constructor(reader) {
    super();
    this.#reader = reader;
    this.#frames = new FrameReader(reader, () => chosen('look'));
    this.#file = new VideoFile(this.#video, this.#frames, () => this.#region());
    this.#file.addEventListener('frame', ({ detail }) => this.#onUpdate(detail));
    this.#file.addEventListener('readerror', ({ detail }) => this.#onReadError(detail));
    this.#file.addEventListener('change', () => this.draw());
    for (const switches of [elements.guides, elements.looks])
      switches.addEventListener('change', () => this.#startOver());
    this.#video.addEventListener('resize', () => this.#drawOverlay([]));
    onLanguage(() => this.draw());
  }

  /** What it runs: `camera`, `video` or null. */
  get source() {
    return this.#source;
  }

  /** The size and rate of the camera's picture, for the report; null without one. */
  get settings() {
    if (this.#source !== 'camera') return null;
    const { width, height, frameRate } = this.#video.srcObject?.getVideoTracks()[0]?.getSettings() ?? {};
    return { width, height, frameRate, state: this.#camera.state };
  }

  /** The reader is there. What it cannot find has to be held into the guide frame; else the whole picture is better. */
  readerReady() {
    if (!this.#guideSet) choose('guide', this.#reader.findsPlates ? 'none' : 'long');
    this.#guideSet = true;
    this.draw();
  }

  /** Plays a video file. */
  async openVideo(file) {
    await this.#end();
    this.#source = 'video';
    this.draw();
    try {
      await this.#file.open(file);
    } catch (error) {
      if (error.name === 'AbortError') return; // another one was opened meanwhile
      this.#file.close();
      this.#source = null;
      this.#fail('video', error);
    }
    this.draw();
  }

  /** Ends what runs. */
  async stop() {
    await this.#end();
    this.draw();
    this.#focusScreen();
  }

  /** Draws everything anew. */
  draw() {
    elements.viewport.dataset.source = this.#source ?? 'none';
    renderScreen(this.#screen(), {
      start: () => this.#startCamera(),
      open: () => elements.file.click(),
      resume: () => this.#camera.resume().catch(() => {}), // the state tells
      stop: () => this.stop(),
    });
    this.#drawControls();
    this.#drawOverlay([]);
    elements['guide-hint'].textContent = t(this.#guideHint());
    this.#card.draw();
  }

  #screen() {
    if (this.#source === 'video') return { state: 'running', error: null };
    if (this.#failure) return this.#failure;
    if (this.#source === 'camera') return this.#camera;
    return { state: isSecureContext ? 'idle' : 'insecure', error: null };
  }

  #drawControls() {
    const { kind, ...rest } = this.#runs();
    renderControls(kind ? { kind, ...rest } : null, {
      pause: () => (kind === 'video' ? this.#file.toggle() : this.#camera.pause()),
      resume: () => this.#file.toggle(),
      stop: () => this.stop(),
      setCamera: (id) => this.#camera.setCamera(id).catch(() => {}), // the state tells
      setTorch: (on) =>
        this.#camera
          .setTorch(on)
          .catch(() => {})
          .then(() => this.#drawControls()),
      setZoom: (value) => this.#camera.setZoom(value).catch(() => {}),
    });
  }

  #runs() {
    if (this.#source === 'video') return { kind: 'video', playing: this.#file.playing };
    const running = this.#source === 'camera' && this.#camera.state === 'running';
    return running ? { kind: 'camera', camera: this.#camera, cameras: this.#cameras } : { kind: null };
  }

  async #startCamera() {
    await this.#end();
    try {
      const { PlateCamera } = await import('../kr-lpr/camera.js');
      this.#camera ??= this.#watch(
        new PlateCamera(this.#video, this.#frames, { read: () => this.#wishes() }),
        PlateCamera,
      );
    } catch (error) {
      this.#fail('error', error);
      return;
    }
    this.#source = 'camera';
    this.draw();
    await this.#camera.start().catch(() => {}); // the state tells
  }

  #watch(camera, { list }) {
    camera.addEventListener('statechange', async ({ detail: { state } }) => {
      if (this.#source !== 'camera') return;
      if (FAILURES.includes(state)) announceScreen(state);
      this.draw();
      if (state === 'running') {
        this.#cameras = await list(); // named only once one is open
        this.#drawControls();
        elements.controls.querySelector('button')?.focus({ preventScroll: true });
      } else if (state !== 'starting' && state !== 'prompt') {
        this.#focusScreen();
      }
    });
    camera.addEventListener('result', ({ detail: { result } }) => this.#onUpdate(result));
    camera.addEventListener('readerror', ({ detail: { error } }) => this.#onReadError(error));
    return camera;
  }

  #focusScreen() {
    if (elements['panel-camera'].hidden) return;
    elements.screen.querySelector('button')?.focus({ preventScroll: true });
  }

  async #end() {
    const source = this.#source;
    this.#source = null;
    this.#failure = null;
    if (source === 'camera') await this.#camera.stop();
    if (source === 'video') this.#file.close();
    this.#startOver();
  }

  #startOver() {
    this.#frames.reset();
    this.#recorded.clear();
    this.#card.clear();
    this.#drawOverlay([]);
    elements['guide-hint'].textContent = t(this.#guideHint());
  }

  #fail(state, error) {
    this.#failure = { state, error };
    announceScreen(state);
    this.draw();
    this.#focusScreen();
  }

  get #size() {
    return { width: this.#video.videoWidth, height: this.#video.videoHeight };
  }

  get #mode() {
    return this.#reader.optionsFor(chosen('look')).mode;
  }

  #region() {
    const box = guideBox(chosen('guide'), this.#size);
    return box ? regionOf(box, this.#size, this.#mode) : undefined;
  }

  #wishes() {
    const region = this.#region();
    return region ? { region } : {};
  }

  #guideHint() {
    if (chosen('guide') === 'none') return this.#mode === 'crop' ? 'guideHintAlone' : 'guideHintNone';
    return this.#mode === 'crop' ? 'guideHintCrop' : 'guideHintScene';
  }

  #hint() {
    if (!this.#source) return [t('startHint')];
    return [t('nothingYet'), t(this.#mode === 'crop' ? 'nothingYetCrop' : 'nothingYetScene')];
  }

  #drawOverlay(tracks) {
    const held = this.#source === 'camera' && this.#camera.state !== 'running';
    const size = this.#source && !held ? this.#size : { width: 0, height: 0 };
    renderOverlay(size, guideBox(chosen('guide'), size), tracks);
  }

  #onUpdate({ tracks, skipped }) {
    if (skipped || !this.#source) return;
    this.#drawOverlay(tracks);
    this.#card.update(tracks);
    for (const track of tracks) if (track.state === 'confirmed') this.#record(track);
    this.dispatchEvent(new Event('frame'));
  }

  #record({ id, best }) {
    const before = this.#recorded.get(id);
    if (before === best.text) return;
    this.#recorded.set(id, best.text);
    if (before === undefined) navigator.vibrate?.(40); // phones: felt while the eye is on the car
    const picture = thumbnail(this.#video, this.#size, best);
    this.dispatchEvent(
      new CustomEvent('confirmed', { detail: { plate: best, source: this.#source, picture, instead: before } }),
    );
  }

  #onReadError(error) {
    if (error.code === 'BACKEND_LOST' || error.code === 'CLOSED')
      this.dispatchEvent(new CustomEvent('lost', { detail: error }));
    else if (error.message !== this.#warned) console.warn(error); // it would be said again with every frame
    this.#warned = error.message;
  }
}
