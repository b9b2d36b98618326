// Serves a folder to this machine's own browsers: `node serve.mjs FOLDER [--port 8000] [--isolated]`. The first line it prints
// is its address. It ends when its standard input does, and so never outlives whoever started it.
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import sirv from 'sirv';

/** With these a page is cross-origin isolated, and its clock ticks every 5 microseconds instead of every 100. */
const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { port: { type: 'string', default: '0' }, isolated: { type: 'boolean', default: false } },
});
const headers = values.isolated ? ISOLATED : {};

// `dev`: files may change while they are served. `etag`: a browser keeps a file but asks whether it is still the same, so
// that a rebuilt page is never mixed with old wasm.
const files = sirv(positionals[0], { dev: true, etag: true });
const server = createServer((request, response) => {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (request.method === 'GET' || request.method === 'HEAD') files(request, response);
  else response.writeHead(405, { Allow: 'GET, HEAD' }).end();
});

let port = Number(values.port);
const last = port + 99;
server.on('listening', () => console.log(`http://localhost:${server.address().port}`));
server.on('error', (error) => {
  if (error.code !== 'EADDRINUSE' || port === 0 || port === last) throw error;
  port += 1;
  server.listen(port, '127.0.0.1');
});
server.listen(port, '127.0.0.1');
process.stdin.resume().on('end', () => process.exit());
