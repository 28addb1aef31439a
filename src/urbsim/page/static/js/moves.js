// People moving between villages, towns, seat and outside, year by year: a dot for so many people.

import { field, h, scrolled, show } from './dom.js';
import { current, note } from './state.js';
import { number, t } from './language.js';

const PLACES = ['village', 'town', 'seat', 'near', 'far'];
const STOCKS = {
  village: 'village_residents',
  town: 'town_residents',
  seat: 'seat_residents',
  near: 'residents_near',
  far: 'residents_far',
};
/** Middles of the places, in shares of the picture: the county on the left, outside on the right. */
const AT = { village: [0.17, 0.55], town: [0.47, 0.3], seat: [0.47, 0.8], near: [0.82, 0.3], far: [0.82, 0.8] };
const HUES = { village: '#009E73', town: '#0072B2', seat: '#D55E00', near: '#7a5195', far: '#4d4d4d' };
const DOTS = 700,
  HEIGHT = 430,
  SECONDS = 1.6,
  LARGEST = 74;

/** Return words in as many lines as they need to be no wider than so many pixels. */
function broken(pen, text, most) {
  return text.split(' ').reduce((lines, word) => {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    return lines.length && pen.measureText(longer).width <= most ? [...lines.slice(0, -1), longer] : [...lines, word];
  }, []);
}

export function movesTab(root, runs) {
  const controls = h('div', { class: 'row' }),
    canvas = h('canvas', { height: HEIGHT, role: 'img' }),
    table = h('div', {}),
    about = h('p', { class: 'hint' });
  show(root, controls, about, canvas, table);
  let { scenario, year } = { scenario: 0, year: 0, ...current().view.moves },
    playing = false,
    frame = 0,
    clock = 0,
    dots = [],
    unit = 1000,
    before = 0;
  const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;

  const months = () => runs.result.months;
  const stock = (place, index) => runs.result.series[STOCKS[place]]?.[name()]?.median[index] ?? 0;
  const name = () => runs.result.scenarios[Math.min(scenario, runs.result.scenarios.length - 1)];
  const seeded = (index) => {
    const x = Math.sin(index * 12.9898) * 43758.5453;
    return x - Math.floor(x);
  };

  /** Return a spot for a dot around its place, the same at every time. */
  function spot(place, index) {
    const angle = 2 * Math.PI * seeded(index + 1),
      away = radius(place) * Math.sqrt(seeded(index + 1001));
    return [AT[place][0] * canvas.width + away * Math.cos(angle), AT[place][1] * HEIGHT + away * Math.sin(angle)];
  }

  /** Return the pixels from the middle of a place to its edge, as wide as its share of all people. */
  function radius(place) {
    const all = PLACES.reduce((sum, each) => sum + stock(each, year), 0) || 1;
    return Math.min(LARGEST, 0.14 * canvas.width) * Math.min(1, 0.25 + 1.1 * Math.sqrt(stock(place, year) / all));
  }

  function settle() {
    dots = PLACES.flatMap((place) =>
      Array.from({ length: Math.round(stock(place, year) / unit) }, () => ({ place, to: place })),
    );
    dots.forEach((dot, index) => {
      dot.index = index;
    });
  }

  /** Choose who moves this year: as many dots as people moved, and those who were born or died. */
  function depart() {
    const wanted = runs.result.moves.filter(
      (each) => each.scenario === name() && each.year === months()[year + 1]?.slice(0, 4),
    );
    const free = dots.filter((dot) => PLACES.includes(dot.to));
    for (const flow of wanted) {
      const into = PLACES.includes(flow.destination),
        out = PLACES.includes(flow.origin);
      const exact = flow.persons / unit;
      let count = Math.floor(exact) + (seeded(exact * 977 + year) < exact % 1 ? 1 : 0);
      while (count > 0) {
        count -= 1;
        if (out) {
          const from = free.findIndex((dot) => dot.place === flow.origin && dot.to === dot.place);
          if (from < 0) break;
          free[from].to = into ? flow.destination : 'gone';
        } else if (into) dots.push({ place: 'new', to: flow.destination, index: dots.length });
      }
    }
  }

  function draw() {
    const result = runs.result;
    const total = PLACES.reduce((sum, place) => sum + stock(place, 0), 0);
    unit = Number(Math.max(1, total / DOTS).toPrecision(1));
    year = Math.min(year, months().length - 1);
    show(
      controls,
      field(
        'moves-scenario',
        t('scenario'),
        h(
          'select',
          {
            id: 'moves-scenario',
            onchange: (event) => {
              scenario = Number(event.target.value);
              note({ moves: { scenario, year } });
              settle();
              paint(0);
            },
          },
          result.scenarios.map((each, position) =>
            h('option', { value: position, selected: position === scenario }, each),
          ),
        ),
      ),
      h(
        'button',
        { type: 'button', id: 'play', onclick: () => (playing ? pause() : play()) },
        playing ? t('pause') : t('play'),
      ),
      h(
        'div',
        { class: 'field grow' },
        h('label', { for: 'moves-year' }, `${t('year')}: `, h('output', { id: 'moves-month' }, months()[year])),
        h('input', {
          id: 'moves-year',
          type: 'range',
          min: 0,
          max: months().length - 1,
          value: year,
          oninput: (event) => {
            pause();
            year = Number(event.target.value);
            note({ moves: { scenario, year } });
            settle();
            paint(0);
          },
        }),
      ),
    );
    about.textContent = t('movesText', { people: number(unit) });
    settle();
    paint(0);
    show(
      table,
      scrolled(
        t('zoneCount'),
        h(
          'table',
          {},
          h('caption', {}, t('zoneCount')),
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              h('th', {}, ''),
              PLACES.map((place) => h('th', { scope: 'col' }, t(place))),
            ),
          ),
          h(
            'tbody',
            {},
            months().map((month, index) =>
              h(
                'tr',
                {},
                h('th', { scope: 'row', class: 'month' }, month),
                PLACES.map((place) => h('td', {}, number(stock(place, index)))),
              ),
            ),
          ),
        ),
      ),
    );
  }

  function play() {
    playing = true;
    if (year >= months().length - 1) year = 0;
    settle();
    depart();
    clock = 0;
    before = performance.now();
    document.getElementById('play').textContent = t('pause');
    if (still) {
      frame = setTimeout(jump, 900);
      return;
    }
    frame = requestAnimationFrame(tick);
  }

  function jump() {
    year += 1;
    settle();
    paint(0);
    if (year < months().length - 1 && playing) frame = setTimeout(jump, 900);
    else pause();
  }

  function pause() {
    playing = false;
    cancelAnimationFrame(frame);
    clearTimeout(frame);
    const button = document.getElementById('play');
    if (button) button.textContent = t('play');
  }

  function tick(now) {
    if (!playing || !canvas.isConnected) return;
    clock += (now - before) / 1000 / SECONDS;
    before = now;
    if (clock >= 1) {
      year += 1;
      clock = 0;
      settle();
      if (year >= months().length - 1) {
        paint(0);
        pause();
        return;
      }
      depart();
    }
    paint(clock);
    frame = requestAnimationFrame(tick);
  }

  function paint(part) {
    canvas.width = Math.max(root.clientWidth - 4, 280);
    const pen = canvas.getContext('2d');
    pen.clearRect(0, 0, canvas.width, HEIGHT);
    const eased = part * part * (3 - 2 * part);
    for (const dot of dots) {
      const from = dot.place === 'new' ? spot(dot.to, dot.index) : spot(dot.place, dot.index);
      const to = dot.to === 'gone' ? from : spot(dot.to, dot.index);
      pen.globalAlpha = dot.to === 'gone' ? 1 - eased : dot.place === 'new' ? eased : 0.85;
      pen.fillStyle = HUES[part > 0.5 && dot.to !== 'gone' ? dot.to : dot.place] || HUES[dot.to];
      pen.beginPath();
      pen.arc(
        from[0] + (to[0] - from[0]) * eased,
        from[1] + (to[1] - from[1]) * eased,
        dot.place === dot.to ? 2.2 : 3.2,
        0,
        7,
      );
      pen.fill();
    }
    pen.globalAlpha = 1;
    pen.textAlign = 'center';
    pen.font = `600 ${canvas.width < 480 ? 11 : 13}px system-ui, sans-serif`;
    pen.fillStyle = '#111';
    pen.strokeStyle = '#fff';
    pen.lineWidth = 4;
    for (const place of PLACES) {
      const above = AT[place][1] * HEIGHT - radius(place) - 8;
      const said = [...broken(pen, t(place), 0.3 * canvas.width), number(stock(place, year))];
      said.forEach((text, line) => {
        const wide = pen.measureText(text).width / 2 + 2;
        const x = Math.min(canvas.width - wide, Math.max(wide, AT[place][0] * canvas.width)),
          y = above - 15 * (said.length - 1 - line);
        pen.strokeText(text, x, y);
        pen.fillText(text, x, y);
      });
    }
    const output = document.getElementById('moves-month');
    if (output) output.textContent = months()[year];
    const slider = document.getElementById('moves-year');
    if (slider) slider.value = year;
    canvas.setAttribute(
      'aria-label',
      `${months()[year]}: ${PLACES.map((place) => `${t(place)} ${number(stock(place, year))}`).join(', ')}`,
    );
  }
  new ResizeObserver(() => {
    if (dots.length && !playing) paint(0); // a picture that is only made smaller has words too small to read
  }).observe(root);
  return { draw, leave: pause };
}
