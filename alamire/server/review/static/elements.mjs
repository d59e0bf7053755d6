// Elements of the page, found and made.

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element of review.html by its id.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`review.html has no element ${id}`);
  return found;
}

/**
 * An SVG element, appended to its parent.
 * @param {Element} parent
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @param {string} [text]
 */
export function drawn(parent, tag, attributes, text) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  if (text !== undefined) element.textContent = text;
  parent.appendChild(element);
  return element;
}

/**
 * An HTML element with text.
 * @param {string} tag
 * @param {string} text
 */
export function written(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}
