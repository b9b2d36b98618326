// The elements of the page by their id, and how new ones are made.

/** Every element of index.html that has an id. */
export const elements = Object.fromEntries([...document.querySelectorAll('[id]')].map((node) => [node.id, node]));

/** Creates an element; `data-*` and `aria-*` keys become attributes, the rest properties. */
export function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (key.includes('-') || key === 'role') node.setAttribute(key, String(value));
    else node[key] = value;
  }
  node.append(...children);
  return node;
}

/** Creates an element of an SVG drawing. */
export function draw(tag, attributes = {}, ...children) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  node.append(...children);
  return node;
}

/** Tells a screen reader something that is seen without it. */
export function announce(text) {
  elements.announce.textContent = text;
}

/** The chosen radio button of a group. */
export function chosen(name) {
  return document.querySelector(`input[name=${name}]:checked`).value;
}

/** Chooses a radio button of a group. */
export function choose(name, value) {
  document.querySelector(`input[name=${name}][value="${value}"]`).checked = true;
}
