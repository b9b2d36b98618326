// Registers the service worker, which keeps the page for offline use, and tells when a new version waits.

/**
 * Registers the worker. Where there is none (an old browser, a page without HTTPS, `www/` served unassembled) nothing
 * happens: the page needs the network then.
 *
 * @param {{ onKept: (version: string) => void, onUpdate: (takeOver: () => void) => void }} told `onKept` once everything
 *   is there for offline use, `onUpdate` when another version waits; `takeOver` reloads the page with it
 */
export async function keepOffline({ onKept, onUpdate }) {
  if (!navigator.serviceWorker) return;
  try {
    const address = new URL('./service-worker.js', import.meta.url);
    // The browser's own cache must not hide a new list of files.
    const registration = await navigator.serviceWorker.register(address, { updateViaCache: 'none' });
    watch(registration, onUpdate);
    const { active } = await navigator.serviceWorker.ready;
    onKept(await versionOf(active));
  } catch (error) {
    console.info(`not kept for offline use: ${error.message}`);
  }
}

/** Looks for another version at once. A page that no worker keeps has it as soon as it is loaded again. */
export async function lookForUpdate(onUpdate) {
  const registration = await navigator.serviceWorker?.getRegistration();
  if (registration?.active) await registration.update().catch(() => {});
  else onUpdate(() => location.reload());
}

function watch(registration, onUpdate) {
  const offer = (worker) => {
    // Without a controller it is the first version and replaces nothing.
    if (worker?.state !== 'installed' || !navigator.serviceWorker.controller) return;
    onUpdate(() => {
      navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
      worker.postMessage('take-over');
    });
  };
  offer(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const worker = registration.installing;
    worker?.addEventListener('statechange', () => offer(worker));
  });
}

function versionOf(worker) {
  const { port1, port2 } = new MessageChannel();
  worker.postMessage('version', [port2]);
  return new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
  });
}
