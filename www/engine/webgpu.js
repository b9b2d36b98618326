// WebGPU's program takes many times as long to build as the rest of the site, which `cargo xtask demo` serves meanwhile and
// assembles again once that is done.

import { WEBGPU } from '../webgpu-state.js';

export { WEBGPU };

/** Milliseconds between two questions whether it is done. */
const PAUSE = 3000;

/** The backend to start where `backend` was chosen. */
export function offered(backend) {
  return WEBGPU === 'ready' ? backend : 'cpu';
}

/** Tells what has become of WebGPU, `ready` or `absent`, once a site that is still being built has been assembled again. */
export async function whenBuilt(tell) {
  const address = new URL('webgpu-state.json', document.baseURI);
  let state = WEBGPU;
  while (state === 'building') {
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    // The server may have been stopped, or the folder be half copied.
    state = await fetch(address, { cache: 'no-store' }).then((response) => response.json()).catch(() => 'building');
  }
  if (state !== WEBGPU) tell(state);
}
