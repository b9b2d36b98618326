// What the tests of this folder share: the installed package, folders of apps that use it, and a browser to open them in.
import { createServer } from 'node:http';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

/** The installed package and the program to test it in; `cargo xtask test` says. */
export const { CHROMIUM, KR_LPR_PACKAGE: installed, KR_LPR_CASES: cases } = process.env;
if (!CHROMIUM || !installed || !cases) throw new Error('run these tests with `cargo xtask test`, which installs what they need');

/** The folder that has the package in its `node_modules`, as an app has. */
export const project = join(installed, '../..');

const GOLDEN = new URL('../golden/', import.meta.url);

/** The golden plates: `[{ file, text, kind, rectified }]`. */
export const plates = JSON.parse(await readFile(new URL('manifest.json', GOLDEN), 'utf8'));

/** The plate that every app reads. */
export const plate = plates[0];
const picture = await readFile(new URL(plate.file, GOLDEN));

/** What an app is: it reads one picture and leaves what came of it where the test looks. */
export const APP = `import { PlateRecognizer } from 'kr-lpr';
globalThis.outcome = (async () => {
  const recognizer = await PlateRecognizer.create({ backend: 'cpu' });
  const blob = await (await fetch('/plate.png')).blob();
  const { plates } = await recognizer.recognize(blob, { minConfidence: 0 });
  return { text: plates[0].text, info: recognizer.info };
})();
`;

/** Writes an app's files into a new folder of the project. */
export async function makeApp(t, name, files) {
  const folder = join(project, `app-${name}`);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The page of an app, whose script is a module at `src`. */
export function pageOf(src, head = '') {
  return `<!doctype html><meta charset="utf-8"><title>app</title>${head}<script type="module" src="${src}"></script>`;
}

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm', '.png': 'image/png' };

/** Serves a folder, and the plate at `/plate.png`; every answer has `headers`. */
export async function serve(t, folder, headers = {}) {
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname));
    try {
      const body = path === '/plate.png' ? picture : await readFile(join(folder, path === '/' ? 'index.html' : path));
      response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? (path === '/' ? 'text/html' : 'application/octet-stream'), ...headers });
      response.end(body);
    } catch {
      response.writeHead(404).end('not found');
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => new Promise((resolve) => server.close(resolve).closeAllConnections()));
  return `http://localhost:${server.address().port}`;
}

/** Opens an app and waits for what it leaves; also every request it made and what the console complained of. */
export async function open(t, url, { init } = {}) {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-background-networking', '--no-first-run'] });
  t.after(() => browser.close());
  const page = await browser.newPage();
  const [requests, complaints] = [[], []];
  const context = page.context();
  context.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  if (init) await page.addInitScript(init);
  await page.route('**/plate.png', (route) => route.fulfill({ contentType: 'image/png', body: picture }));
  // A development server compiles the page first.
  await page.goto(url, { timeout: 120_000 });
  const deadline = Date.now() + 120_000;
  let outcome;
  // A development server may reload the page once it has seen which packages it needs.
  while (outcome === undefined && Date.now() < deadline) {
    outcome = await page
      .waitForFunction(() => 'outcome' in globalThis, undefined, { timeout: 60_000 })
      .then(() => page.evaluate(() => globalThis.outcome.catch((error) => ({ error: `${error.code}: ${error.message}` }))))
      .catch((error) => (/navigation|destroyed|closed/i.test(error.message) ? undefined : { error: `${error.message}; ${complaints.join('; ')}` }));
  }
  return { outcome, requests, complaints, page };
}

/** A path in this folder's own packages. */
export function tool(path) {
  return fileURLToPath(new URL(`node_modules/${path}`, import.meta.url));
}
