'use client';

import { useEffect, useState } from 'react';
import { PlateRecognizer } from 'kr-lpr';

/** Reads one picture where it is shown; on the server, which renders it first, the import alone is done. */
export function Plate() {
  const [text, setText] = useState('');
  useEffect(() => {
    // React's strict mode runs effects twice in development.
    globalThis.outcome ??= read();
    globalThis.outcome.then(({ text }) => setText(text));
  }, []);
  return <output>{text}</output>;
}

async function read() {
  const recognizer = await PlateRecognizer.create({ backend: 'cpu' });
  const blob = await (await fetch('/plate.png')).blob();
  const { plates } = await recognizer.recognize(blob, { minConfidence: 0 });
  return { text: plates[0].text, info: recognizer.info };
}
