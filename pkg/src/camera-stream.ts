/**
 * Opening cameras, and what can go wrong with them.
 * @module
 */
import { KrLprError, messageOf } from './errors.js';
import type { CameraInfo, CameraOptions, CameraState, Torch, Zoom } from './camera-types.js';

/** What phones add to tracks, not yet known to TypeScript. */
interface Extras {
  torch?: boolean;
  zoom?: number;
}
type Capabilities = MediaTrackCapabilities & {
  torch?: boolean;
  zoom?: { min: number; max: number; step: number };
  focusMode?: string[];
};

/** A failure, and the state it leaves the camera in. @internal */
export interface CameraFailure {
  state: CameraState;
  error: KrLprError;
}

/** Longest that a stream may take to show its first picture, in milliseconds. */
const PATIENCE_MS = 10_000;

/** Lenses that phones offer as the first back camera, and that show a plate too small or not sharp. */
const SPECIAL_LENS = /ultra.?wide|wide.?angle|macro|tele|depth|infrared|초광각|망원/i;

/** What phones call the cameras of their two sides. */
const NAMED_FACING: [RegExp, 'user' | 'environment'][] = [
  [/back|rear|environment|world|후면/i, 'environment'],
  [/front|user|facetime|selfie|전면/i, 'user'],
];

/** The cameras there are. @internal */
export async function listCameras(): Promise<CameraInfo[]> {
  const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  return devices.filter(({ kind }) => kind === 'videoinput').map((device) => {
    // Only some browsers tell the side; the names of cameras do on all phones.
    const modes = (device as Partial<InputDeviceInfo>).getCapabilities?.().facingMode ?? [];
    const told = (['user', 'environment'] as const).find((side) => modes.includes(side));
    const named = NAMED_FACING.find(([name]) => name.test(device.label))?.[1];
    return { id: device.deviceId, label: device.label, facing: told ?? named ?? null };
  });
}

/** Whether opening a camera will ask the user first, as far as the browser tells. @internal */
export async function willPrompt(): Promise<boolean> {
  try {
    const permission = await navigator.permissions.query({ name: 'camera' as PermissionName });
    return permission.state === 'prompt';
  } catch {
    return true; // not every browser knows this permission by name
  }
}

/** Opens the camera that `options` describe. @internal */
export async function openStream(options: CameraOptions): Promise<MediaStream> {
  const stream = await requestStream(options);
  if (options.deviceId !== undefined) return stream;
  const [track] = stream.getVideoTracks();
  if (!track || !SPECIAL_LENS.test(track.label)) return stream;
  const side = NAMED_FACING.find(([name]) => name.test(track.label))?.[1] ?? null;
  const main = (await listCameras()).find(({ facing, label }) => facing === side && !SPECIAL_LENS.test(label));
  if (!main) return stream;
  stopStream(stream); // iOS has one stream at a time
  return requestStream({ ...options, deviceId: main.id });
}

function requestStream({ deviceId, facing = 'environment', size }: CameraOptions): Promise<MediaStream> {
  const { width, height } = size ?? { width: 1280, height: 720 };
  const which = deviceId === undefined ? { facingMode: { ideal: facing } } : { deviceId: { exact: deviceId } };
  return navigator.mediaDevices.getUserMedia({
    audio: false,
    video: { ...which, width: { ideal: width }, height: { ideal: height } },
  });
}

/** Shows a stream in `video` and waits for its first picture. @internal */
export async function showStream(video: HTMLVideoElement, stream: MediaStream): Promise<void> {
  // iOS plays inline and without a touch only what is muted and says so.
  video.muted = true;
  video.playsInline = true;
  video.setAttribute('playsinline', '');
  video.setAttribute('muted', '');
  video.srcObject = stream;
  let giveUp: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new KrLprError('CAMERA', `the camera showed no picture within ${PATIENCE_MS / 1000} seconds`);
    giveUp = setTimeout(() => reject(error), PATIENCE_MS);
  });
  const shown = new Promise<void>((resolve) => {
    if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) resolve();
    else video.addEventListener('loadeddata', () => resolve(), { once: true });
  });
  try {
    await Promise.race([Promise.all([video.play(), shown]), late]);
  } finally {
    clearTimeout(giveUp);
  }
}

/** Turns every track off; the camera's light goes out. @internal */
export function stopStream(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** Lets the lens follow, where the browser can say so. @internal */
export async function focusContinuously(track: MediaStreamTrack): Promise<void> {
  if (!capabilities(track).focusMode?.includes('continuous')) return;
  // A camera that refuses has a focus of its own.
  await constrain(track, { focusMode: 'continuous' }).catch(() => undefined);
}

/** @internal */
export function torchOf(track: MediaStreamTrack | undefined): Torch {
  if (!track) return { supported: false, on: false };
  return { supported: capabilities(track).torch === true, on: (track.getSettings() as Extras).torch === true };
}

/** @internal */
export function zoomOf(track: MediaStreamTrack | undefined): Zoom {
  const range = track && capabilities(track).zoom;
  if (!track || !range) return { supported: false, min: 1, max: 1, step: 0, value: 1 };
  const { min, max, step } = range;
  return { supported: true, min, max, step, value: (track.getSettings() as Extras).zoom ?? min };
}

/** Sets what only some cameras have. @internal */
export function constrain(track: MediaStreamTrack, wish: Extras & { focusMode?: string }): Promise<void> {
  return track.applyConstraints({ advanced: [wish as MediaTrackConstraintSet] });
}

/** Safari and Firefox know no capabilities, or fewer. */
function capabilities(track: MediaStreamTrack): Capabilities {
  return (track.getCapabilities?.() ?? {}) as Capabilities;
}

/** What an error of `getUserMedia` or `play` means. @internal */
export function failureOf(thrown: unknown): CameraFailure {
  const name = thrown instanceof Error ? thrown.name : '';
  const failure = (state: CameraState, message: string): CameraFailure => ({
    state,
    error: thrown instanceof KrLprError ? thrown : new KrLprError('CAMERA', message, { cause: thrown }),
  });
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return failure('denied', `the camera may not be used: ${messageOf(thrown)}`);
    case 'NotFoundError':
    case 'OverconstrainedError':
      return failure('no-camera', 'there is no such camera');
    case 'NotReadableError':
    case 'AbortError':
      return failure('in-use', `the camera cannot be opened, another program may hold it: ${messageOf(thrown)}`);
    default:
      return failure('error', `the camera failed: ${messageOf(thrown)}`);
  }
}
