// A drawing of the page as a picture: its colours are written into it, since a file knows nothing of our style sheets.

import { find } from '../dom.js';

const scale = 2;

/** Saves an SVG that is in the page as a PNG under that name. */
export async function savePicture(drawing, name) {
  const copy = drawing.cloneNode(true);
  const [from, to] = [drawing.querySelectorAll('*'), copy.querySelectorAll('*')];
  for (const [at, node] of [...from].entries()) {
    const look = getComputedStyle(node);
    for (const each of ['fill', 'stroke', 'opacity', 'font-size', 'font-family', 'stroke-width']) to[at].setAttribute(each, look.getPropertyValue(each));
  }
  const { width, height } = drawing.viewBox.baseVal;
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', width * scale);
  copy.setAttribute('height', height * scale);
  const address = URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(copy)], { type: 'image/svg+xml' }));
  const image = new Image();
  await new Promise((done, failed) => { image.onload = done; image.onerror = failed; image.src = address; });
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width * scale, height * scale];
  const context = canvas.getContext('2d');
  context.fillStyle = getComputedStyle(find('.card')).backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0);
  URL.revokeObjectURL(address);
  const link = document.createElement('a');
  link.href = canvas.toDataURL('image/png');
  link.download = name;
  link.click();
}
