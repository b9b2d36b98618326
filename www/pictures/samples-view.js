// The samples to click.

import { elements, make } from '../dom.js';
import { spaced } from '../plate/text.js';
import { kindName, t } from '../i18n/i18n.js';

/** Draws the samples; `null` while their list is not there yet. The one on show is marked. */
export function renderSamples(samples, shown, open) {
  if (samples === null) return;
  if (samples.length === 0) {
    elements.samples.replaceChildren(make('p', { className: 'fine' }, t('samplesMissing')));
    return;
  }
  elements.samples.replaceChildren(
    ...samples.map((sample) => {
      const name = kindName(sample.kind);
      const button = make(
        'button',
        {
          type: 'button',
          className: 'sample',
          'data-testid': 'sample',
          'data-text': sample.text,
          'data-kind': sample.kind,
          'data-file': sample.file,
          'aria-label': t('sampleLabel', spaced(sample.text), name),
        },
        make('span', { className: 'sample-frame' }, make('img', { src: sample.url, alt: '' })),
        make('span', { className: 'sample-kind' }, name),
      );
      button.addEventListener('click', () => open(sample));
      return button;
    }),
  );
  markSample(shown);
}

/** Marks the sample on show. */
export function markSample(shown) {
  for (const button of elements.samples.querySelectorAll('.sample')) {
    if (shown?.expected !== undefined && shown.name === button.dataset.file)
      button.setAttribute('aria-current', 'true');
    else button.removeAttribute('aria-current');
  }
}
