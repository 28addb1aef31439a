// The map that one chooses a county on: a dot for each, outlines of a province where they are known.

import { once } from './api.js';
import { h, show } from './dom.js';
import { lang, number, t } from './language.js';

const STRETCH = Math.cos((35 * Math.PI) / 180),
  HEIGHT = 330;

export async function countryMap(root, choose) {
  show(root, h('p', {}, t('loading')));
  const data = await once('map');
  const view = { x: 104, y: 36, span: 64 };
  const canvas = h('canvas', { height: HEIGHT, 'aria-hidden': 'true' });
  const label = h('output', { class: 'map-label' });
  let shapes = null,
    hovered = null,
    drag = null,
    within = '';

  const scale = () => canvas.width / (view.span * STRETCH);
  const place = (longitude, latitude) => [
    canvas.width / 2 + (longitude - view.x) * STRETCH * scale(),
    canvas.height / 2 - (latitude - view.y) * scale(),
  ];

  function draw() {
    canvas.width = Math.max(root.clientWidth, 240);
    canvas.height = HEIGHT;
    const pen = canvas.getContext('2d');
    pen.clearRect(0, 0, canvas.width, canvas.height);
    if (shapes) outline(pen);
    for (const county of data.counties) {
      const [x, y] = place(county[3], county[4]);
      if (x < -5 || y < -5 || x > canvas.width + 5 || y > canvas.height + 5) continue;
      const radius = Math.min(1.2 + (Math.sqrt(county[5] / 1e6) * 24) / view.span ** 0.7, 11);
      pen.beginPath();
      pen.arc(x, y, radius, 0, 7);
      pen.fillStyle = county === hovered ? '#b3261e' : county[0].startsWith(within) ? '#0b4f6ccc' : '#0b4f6c33';
      pen.fill();
    }
  }

  function outline(pen) {
    pen.strokeStyle = '#7a8a93';
    pen.lineWidth = 0.7;
    for (const rings of Object.values(shapes.outlines)) {
      for (const ring of rings) {
        pen.beginPath();
        ring.forEach(([longitude, latitude], index) => {
          const [x, y] = place(longitude, latitude);
          if (index) pen.lineTo(x, y);
          else pen.moveTo(x, y);
        });
        pen.closePath();
        pen.stroke();
      }
    }
  }

  function nearest(event) {
    const box = canvas.getBoundingClientRect();
    const x = ((event.clientX - box.left) * canvas.width) / box.width,
      y = ((event.clientY - box.top) * canvas.height) / box.height;
    let best = null,
      distance = 18 ** 2;
    for (const county of data.counties) {
      const [cx, cy] = place(county[3], county[4]);
      const away = (cx - x) ** 2 + (cy - y) ** 2;
      if (away < distance) {
        distance = away;
        best = county;
      }
    }
    return best;
  }

  function hover(event) {
    if (drag) {
      if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > 4) drag.moved = true;
      view.x = drag.viewX - (event.clientX - drag.x) / (STRETCH * scale());
      view.y = drag.viewY + (event.clientY - drag.y) / scale();
      draw();
      return;
    }
    const found = nearest(event);
    if (found === hovered) return;
    hovered = found;
    label.textContent = found ? `${found[1]} ${found[2]} · ${number(found[5])}` : '';
    draw();
  }

  const zoom = (factor) => {
    view.span = Math.min(120, Math.max(1.2, view.span * factor));
    draw();
  };

  /** Show all of China, 62 degrees wide and 37 high. */
  function whole() {
    canvas.width = Math.max(root.clientWidth, 240);
    Object.assign(view, { x: 104, y: 36, span: Math.max(64, (37 * canvas.width) / HEIGHT / STRETCH) });
    draw();
  }

  async function province(code) {
    within = code;
    if (!code) {
      shapes = null;
      whole();
      return;
    }
    shapes = await once(`map/${code}`);
    const points = Object.values(shapes.points);
    const xs = points.map((point) => point[0]),
      ys = points.map((point) => point[1]);
    const wide = Math.max(...xs) - Math.min(...xs),
      high = ((Math.max(...ys) - Math.min(...ys)) * canvas.width) / canvas.height / STRETCH;
    Object.assign(view, {
      x: (Math.max(...xs) + Math.min(...xs)) / 2,
      y: (Math.max(...ys) + Math.min(...ys)) / 2,
      span: 1.15 * Math.max(wide, high, 1),
    });
    draw();
  }

  canvas.addEventListener('pointermove', hover);
  canvas.addEventListener('pointerdown', (event) => {
    drag = { x: event.clientX, y: event.clientY, viewX: view.x, viewY: view.y, moved: false };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener('pointerup', (event) => {
    const moved = drag && drag.moved;
    drag = null;
    const found = moved ? null : nearest(event);
    if (found) choose({ code: found[0], name: found[1], residents: found[5] });
  });
  canvas.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      zoom(event.deltaY > 0 ? 1.25 : 0.8);
    },
    { passive: false },
  );

  show(
    root,
    h('p', { class: 'hint' }, t('mapHelp')),
    h(
      'div',
      { class: 'row' },
      h('label', { for: 'map-province' }, t('province')),
      h(
        'select',
        { id: 'map-province', onchange: (event) => province(event.target.value) },
        h('option', { value: '' }, t('wholeCountry')),
        data.provinces.map((each) =>
          h('option', { value: each.code }, lang() === 'zh' ? each.name : `${each.name} ${each.pinyin}`),
        ),
      ),
      h('button', { type: 'button', 'aria-label': t('zoomIn'), onclick: () => zoom(0.6) }, '+'),
      h('button', { type: 'button', 'aria-label': t('zoomOut'), onclick: () => zoom(1.6) }, '−'),
    ),
    canvas,
    label,
  );
  whole();
}
