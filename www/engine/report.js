// What a bug report needs to know, as text. Nothing of it leaves the page except by the visitor's own hand.

const list = (rows) => rows.map(([name, value]) => `- ${name}: ${value ?? 'unknown'}`).join('\n');

async function adapter() {
  try {
    const found = await navigator.gpu?.requestAdapter();
    if (!found) return navigator.gpu ? 'no adapter' : 'no WebGPU';
    const { vendor, architecture, description } = found.info ?? {};
    return [vendor, architecture, description].filter(Boolean).join(' ') || 'an adapter without a name';
  } catch (error) {
    return error.message;
  }
}

function latencyTable(latency) {
  if (latency.count === 0) return 'No reading yet.';
  const rows = latency.rows().map(({ stage, p50, p95 }) => `| ${stage} | ${p50.toFixed(2)} | ${p95.toFixed(2)} |`);
  return [`Last ${latency.count} readings, ms`, '', '| stage | p50 | p95 |', '|---|---:|---:|', ...rows].join('\n');
}

/**
 * The report, in Markdown.
 *
 * @param {{ reader: import('../reader.js').Reader, latency: import('./latency.js').Latency, camera: object | null,
 *   version: string | null, error: Error | null }} now `version` is that of the site kept for offline use
 */
export async function makeReport({ reader, latency, camera, version, error }) {
  const { info, received } = reader;
  const { width, height } = screen;
  const rows = [
    ['site', version ?? 'not kept for offline use'],
    ['page', `${location.protocol}//${location.hostname}, ${isSecureContext ? 'secure' : 'not secure'}`],
    ['browser', navigator.userAgent],
    ['languages', navigator.languages.join(', ')],
    ['screen', `${width} x ${height} at ${devicePixelRatio}, window ${innerWidth} x ${innerHeight}`],
    ['processors', navigator.hardwareConcurrency],
    ['memory', navigator.deviceMemory ? `${navigator.deviceMemory} GB or more` : undefined],
    ['WebGPU', await adapter()],
    ['backend', info && `${info.backend}${info.simd ? ', SIMD' : ''}, ${info.worker ? 'worker' : 'page thread'}`],
    ['fallback', info?.fallbackReason ?? 'none'],
    ['recognizer', info && network(info.recognizer)],
    ['detector', info && (info.detector ? network(info.detector) : 'none')],
    ['received', `wasm ${received.wasm} B, weights ${received.weights} B`],
    ['warm-up', info && `${info.warmupMs.toFixed(0)} ms`],
    ['camera', camera ? JSON.stringify(camera) : 'off'],
    ['error', error ? `${error.code ?? error.name}: ${error.message}` : 'none'],
  ];
  return `## kr-lpr\n\n${list(rows)}\n\n${latencyTable(latency)}\n`;
}

function network({ version, sha256 }) {
  return `${version} ${sha256 ?? ''}`;
}
