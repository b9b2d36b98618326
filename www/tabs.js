// The tabs: one panel at a time, by click, arrow keys, or the address (`#camera`).

import { elements } from './dom.js';

const TABS = [...elements.tabs.children];
const panelOf = (tab) => elements[tab.getAttribute('aria-controls')];
const nameOf = (tab) => tab.id.slice('tab-'.length);

let onChange = () => {};

/** The name of the open tab: `pictures`, `camera` or `benchmark`. */
export function openedTab() {
  return document.body.dataset.tab;
}

/** Opens the tab `name`; unknown names open the first. */
export function openTab(name) {
  const chosen = TABS.find((tab) => nameOf(tab) === name) ?? TABS[0];
  for (const tab of TABS) {
    tab.setAttribute('aria-selected', String(tab === chosen));
    tab.tabIndex = tab === chosen ? 0 : -1;
    panelOf(tab).hidden = tab !== chosen;
  }
  document.body.dataset.tab = nameOf(chosen);
  onChange(nameOf(chosen));
}

function visit(tab) {
  const url = new URL(location.href);
  url.hash = tab === TABS[0] ? '' : nameOf(tab);
  history.replaceState(null, '', url);
  openTab(nameOf(tab));
}

/** Wires the tabs and opens the one in the address. `changed` is told the name of each tab that opens. */
export function startTabs(changed) {
  onChange = changed;
  for (const tab of TABS) tab.addEventListener('click', () => visit(tab));
  elements.tabs.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const end = { Home: 0, End: TABS.length - 1 }[event.key];
    if (step === undefined && end === undefined) return;
    event.preventDefault();
    const at = TABS.indexOf(document.activeElement);
    const tab = TABS[end ?? (at + step + TABS.length) % TABS.length];
    tab.focus();
    visit(tab);
  });
  addEventListener('hashchange', () => {
    const name = location.hash.slice(1);
    if (TABS.some((tab) => nameOf(tab) === name)) openTab(name); // other anchors are places on the page
  });
  openTab(location.hash.slice(1));
}
