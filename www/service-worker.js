// Keeps the page, its scripts, the wasm and the weights, so that it works offline after the first visit.
//
// precache.js is written when the site is assembled and names every file with its hash. Files are kept under their
// hash: a new version fetches only what changed, and never mixes its files with those of the version in use.

importScripts('./precache.js'); // sets PRECACHE: { version, files: [{ path, bytes, integrity, later? }] }

const SCOPE = self.registration.scope;
// Other pages of the same host (GitHub Pages shares one among all projects) have caches, too.
const CACHE = `kr-lpr ${new URL(SCOPE).pathname}`;

const files = new Map(PRECACHE.files.map((file) => [new URL(file.path, SCOPE).pathname, file]));
files.set(new URL('./index.html', SCOPE).pathname, files.get(new URL('./', SCOPE).pathname));

const keyOf = (file) => `${new URL(file.path, SCOPE).href}?${encodeURIComponent(file.integrity)}`;

/** The file from the cache, else from the network and then kept. A file that is not this version's is an error. */
async function take(file) {
  const cache = await caches.open(CACHE);
  const known = await cache.match(keyOf(file));
  if (known) return known;
  const address = new URL(file.path, SCOPE).href;
  const response = await fetch(address, { cache: 'no-cache', integrity: file.integrity });
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  await cache.put(keyOf(file), response.clone());
  return response;
}

async function install() {
  await Promise.all(PRECACHE.files.filter((file) => !file.later).map(take));
}

async function dropOldFiles() {
  const cache = await caches.open(CACHE);
  const current = new Set(PRECACHE.files.map(keyOf));
  const keys = await cache.keys();
  await Promise.all(keys.filter((request) => !current.has(request.url)).map((request) => cache.delete(request)));
  await self.clients.claim();
}

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(dropOldFiles()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const file = request.method === 'GET' && url.origin === location.origin ? files.get(url.pathname) : undefined;
  // A file that has changed on the server before this version was replaced: better the new one than none.
  if (file) event.respondWith(take(file).catch(() => fetch(request)));
});

self.addEventListener('message', ({ data, ports }) => {
  if (data === 'take-over') self.skipWaiting(); // the visitor asked for the new version
  if (data === 'version') ports[0].postMessage(PRECACHE.version);
});
