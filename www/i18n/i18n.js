// The language of the page: its sentences, the switch between them, and how numbers are written.

import { recall } from '../storage.js';
import * as english from './en.js';
import * as korean from './ko.js';

const LANGUAGES = { en: english, ko: korean };

/** Names of the plate kinds, Korean and English: the badge shows both. */
export const KIND_NAMES = {
  'private-long': ['자가용 긴 판', 'Private, long'],
  'private-8': ['자가용 8자리', 'Private, 8 characters'],
  'private-film': ['자가용 8자리 반사필름', 'Private, reflective film'],
  'private-short': ['자가용 짧은 판', 'Private, short'],
  'private-large': ['자가용 대형', 'Private, large'],
  ev: ['전기·수소차', 'Electric or hydrogen'],
  corporate: ['법인 업무용', 'Corporate'],
  'commercial-long': ['영업용 긴 판', 'Commercial, long'],
  'commercial-double': ['영업용 두 줄', 'Commercial, two lines'],
  'green-national': ['녹색 전국 번호판', 'Green, national'],
  'green-region': ['녹색 지역 번호판', 'Green, regional'],
  military: ['군용', 'Military'],
  diplomatic: ['외교용', 'Diplomatic'],
  temporary: ['임시운행', 'Temporary'],
  construction: ['건설기계', 'Construction machinery'],
  'construction-old': ['건설기계 (2022년 이전)', 'Construction machinery, before 2022'],
  motorcycle: ['이륜차', 'Motorcycle'],
};

let language = 'en';
const listeners = new Set();

/** The language in use, `ko` or `en`. */
export function currentLanguage() {
  return language;
}

/** `?lang=` if given, else what the visitor chose before, else what the browser prefers. */
export function preferredLanguage() {
  const asked = new URLSearchParams(location.search).get('lang') ?? recall('language');
  if (asked in LANGUAGES) return asked;
  const preferred = navigator.languages.find((tag) => /^(ko|en)\b/i.test(tag));
  return preferred?.slice(0, 2).toLowerCase() ?? 'en';
}

/** Calls `draw` whenever the language is set; the page sets it first once all its parts listen. */
export function onLanguage(draw) {
  listeners.add(draw);
}

/** The sentence `key` in the current language, `{0}`, `{1}`... replaced by `values`. */
export function t(key, ...values) {
  return LANGUAGES[language].TEXTS[key].replace(/\{(\d)\}/g, (_, i) => String(values[Number(i)]));
}

/** `{ title, advice }` for an error code of the package. */
export function failureText(code) {
  const { FAILURES } = LANGUAGES[language];
  const [title, advice] = FAILURES[code] ?? FAILURES.UNKNOWN;
  return { title, advice };
}

/** `{ title, advice }` for a state of the camera, and the steps to allow it again on `platform`. */
export function cameraText(state, platform) {
  const { CAMERA, ALLOW_AGAIN } = LANGUAGES[language];
  const [title, advice] = CAMERA[state] ?? CAMERA.error;
  return { title, advice, steps: state === 'denied' ? ALLOW_AGAIN[platform] : [] };
}

/** The name of a plate kind in the current language. */
export function kindName(kind) {
  return KIND_NAMES[kind]?.[language === 'ko' ? 0 : 1] ?? kind;
}

/** `97.8%`, and never a rounded-up 100%. */
export function percent(probability) {
  const value = Math.floor(probability * 1000) / 10;
  return `${value.toFixed(value >= 100 ? 0 : 1)}%`;
}

/** Decimal units, as download sizes are given: `84.3 kB`, `1.25 MB`. */
export function bytes(count) {
  if (count < 1000) return `${count} B`;
  return count < 1e6 ? `${(count / 1000).toFixed(1)} kB` : `${(count / 1e6).toFixed(2)} MB`;
}

/** `4.2`, `118`: milliseconds without their unit. */
export function milliseconds(value) {
  return value.toFixed(value < 100 ? 1 : 0);
}

/** A time of day, with the date unless it is today's. */
export function clock(time) {
  const date = new Date(time);
  const today = date.toDateString() === new Date().toDateString();
  const options = today ? { timeStyle: 'medium' } : { dateStyle: 'medium', timeStyle: 'short' };
  return new Intl.DateTimeFormat(language, options).format(date);
}

/** Switches the page's language, rewrites every element marked with `data-i18n`, and tells whoever listens. */
export function setLanguage(next) {
  language = next;
  document.documentElement.lang = next;
  document.title = `kr-lpr · ${t('title')}`;
  for (const node of document.querySelectorAll('[data-i18n]')) {
    // *…* marks what is strong; nothing else is markup.
    const parts = t(node.dataset.i18n).split('*');
    node.replaceChildren(
      ...parts.map((part, i) => {
        if (i % 2 === 0) return part;
        const strong = document.createElement('strong');
        strong.textContent = part;
        return strong;
      }),
    );
  }
  for (const node of document.querySelectorAll('[data-i18n-label]'))
    node.setAttribute('aria-label', t(node.dataset.i18nLabel));
  for (const button of document.querySelectorAll('[data-lang]')) {
    button.setAttribute('aria-pressed', String(button.dataset.lang === next));
  }
  for (const draw of listeners) draw();
}
