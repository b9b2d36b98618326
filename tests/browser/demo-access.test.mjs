// The page for everyone: axe finds nothing, targets are large enough, the keyboard reaches the tabs, both languages are
// whole.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { launch } from './browser.mjs';
import { assertFits, element, keepPicture, openDemo } from './demo.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function violations(page) {
  // The page's policy allows no foreign script, so axe is run as the test's own code.
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() => globalThis.axe.run(document));
  assert.ok(passes.length >= 40, `axe applied only ${passes.length} of its rules`);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} ${target}: ${failureSummary}`));
}

/** Buttons, links and switches smaller than 44 by 44 pixels. */
const smallTargets = () =>
  [...document.querySelectorAll('button, a[href], select, label:has(input), input[type=range]')]
    .filter((node) => node.checkVisibility() && !node.matches('.skip'))
    .map((node) => ({ node, box: node.getBoundingClientRect() }))
    // The bars of characters are as wide as their share of the plate; their height is what a finger needs.
    .filter(({ node, box }) => box.height < 43.5 || (box.width < 43.5 && !node.matches('.char')))
    .map(({ node, box }) => `${node.outerHTML.slice(0, 80)} ${box.width} x ${box.height}`);

const VIEWS = [
  { name: 'desktop', viewport: { width: 1280, height: 900 }, language: 'en', colorScheme: 'light' },
  { name: 'tablet', viewport: { width: 768, height: 1024 }, language: 'ko', colorScheme: 'dark' },
  { name: 'phone', viewport: { width: 390, height: 844 }, language: 'ko', colorScheme: 'light' },
];

test('nothing stands in the way', async (t) => {
  const browser = await launch(t);
  for (const { name, viewport, language, colorScheme } of VIEWS) {
    await t.test(`on a ${name}, ${language}, ${colorScheme}`, async (t) => {
      const { page } = await openDemo(t, browser, { viewport, context: { colorScheme, reducedMotion: 'reduce' } });
      await element(page, `lang-${language}`).click();
      assert.equal(await page.evaluate(() => document.documentElement.lang), language);
      await page.locator('[data-testid=plate-text][data-text]:not([data-text=""])').first().waitFor();
      for (const tab of ['pictures', 'camera', 'benchmark']) {
        await element(page, `tab-${tab}`).click();
        assert.deepEqual(await violations(page), [], tab);
        assert.deepEqual(await page.evaluate(smallTargets), [], tab);
        await assertFits(page);
        await keepPicture(page, `${tab}-${name}`);
      }
    });
  }
});

test('the keyboard goes through the tabs and the language stays', async (t) => {
  const { page } = await openDemo(t, await launch(t), { query: '&auto=off' });
  await element(page, 'tab-pictures').focus();
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.getAttribute('body', 'data-tab'), 'camera');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'tab-camera');
  await page.keyboard.press('End');
  assert.equal(await page.getAttribute('body', 'data-tab'), 'benchmark');
  await page.keyboard.press('Home');
  assert.equal(await page.getAttribute('body', 'data-tab'), 'pictures');
  await element(page, 'lang-ko').click();
  await page.goto(page.url().replace(/&lang=(en|ko)/, ''));
  await page.locator('html[lang=ko]').waitFor();
});

test('both languages have the same sentences', async () => {
  const [english, korean] = await Promise.all(['en', 'ko'].map((name) => import(`../../www/i18n/${name}.js`)));
  for (const part of ['TEXTS', 'FAILURES', 'CAMERA', 'ALLOW_AGAIN']) {
    assert.deepEqual(Object.keys(english[part]).sort(), Object.keys(korean[part]).sort(), part);
  }
  const places = (text) => (text.match(/\{\d\}/g) ?? []).sort().join();
  for (const [key, text] of Object.entries(english.TEXTS)) assert.equal(places(korean.TEXTS[key]), places(text), key);
});
