// Draws the charts of the language that is shown; values are those of the tables beside the report.
(() => {
  'use strict';
  const report = JSON.parse(document.getElementById('report-data').textContent);
  const config = {
    aria: false, // each chart has one text as a whole; a paper with a name for every dot has megabytes of them
    font: getComputedStyle(document.body).fontFamily,
    axis: { labelFontSize: 11, titleFontSize: 11, titleFontWeight: 'normal', gridColor: '#e3e3e3', labelColor: '#333', titleColor: '#5c6670', domainColor: '#999', tickColor: '#999' },
    axisX: { grid: false, labelFlush: true }, legend: { labelFontSize: 11, titleFontSize: 11, titleFontWeight: 'normal' }, view: { stroke: null },
  };
  const rows = ({ columns, rows: values }) => values.map((row) => Object.fromEntries(columns.map((name, place) => [name, row[place]])));
  const drawn = new Set();

  async function draw(language) {
    if (drawn.has(language)) return;
    drawn.add(language);
    for (const [id, table, spec] of report.panels[language] || []) {
      const place = document.getElementById(id);
      const datasets = { geography: report.geography, ...(table ? { table: rows(report.tables[table]) } : {}) };
      const whole = {
        $schema: 'https://vega.github.io/schema/vega-lite/v6.json', width: 'container', autosize: { type: 'fit-x', contains: 'padding' },
        padding: 2, background: null, config, datasets, ...spec,
      };
      // One after the other: the first charts are there while the last are still drawn.
      if (place) await vegaEmbed(place, whole, { actions: false, renderer: 'svg', ast: true, hover: false, tooltip: { theme: 'light' } });
    }
    document.documentElement.dataset.drawn = [...drawn].join(' ');
  }

  // A printer makes an image of every surface that a pattern fills, megabytes of them: on paper, hatches are lines.
  const STEP = 6;
  const places = (length, step = STEP) => Array.from({ length: Math.max(0, Math.floor(length / step + 0.5)) }, (_, place) => step * (place + 0.5));
  const across = (width, height) => places(height).map((y) => `M0 ${y}H${width}`).join('');
  const upright = (width, height) => places(width).map((x) => `M${x} 0V${height}`).join('');
  const dots = (width, height) => places(height).map((y) => places(width).map((x) => `M${x} ${y}h0`).join('')).join('');
  const falling = (width, height) => places(width + height, STEP * Math.SQRT2).map((sum) => {
    const from = Math.max(0, sum - height), to = Math.min(width, sum);
    return `M${from} ${from - sum + height}L${to} ${to - sum + height}`;
  }).join('');
  const rising = (width, height) => places(width + height, STEP * Math.SQRT2).map((sum) => {
    const from = Math.max(0, sum - height), to = Math.min(width, sum);
    return `M${from} ${sum - from}L${to} ${sum - to}`;
  }).join('');
  const both = (one, other) => (width, height) => one(width, height) + other(width, height);
  const HATCHES = [null, [1.6, rising], [2.4, dots], [0.9, both(rising, falling)], [1.6, falling], [1.4, across], [0.9, both(across, upright)], [3.4, dots]];

  function hatch(mark) {
    const [pattern, position, colour] = /bar-(\d+)-(\w+)/.exec(mark.getAttribute('fill'));
    mark.dataset.pattern = pattern;
    mark.setAttribute('fill', `#${colour}`);
    const { x, y, width, height } = mark.getBBox();
    if (!HATCHES[position] || !width || !height) return;
    const [thick, drawing] = HATCHES[position];
    const lines = document.createElementNS(mark.namespaceURI, 'path');
    const looks = { class: 'hatch', d: drawing(width, height), fill: 'none', stroke: '#fff', 'stroke-width': thick, transform: `${mark.getAttribute('transform') || ''} translate(${x} ${y})` };
    if (drawing === dots) looks['stroke-linecap'] = 'round';
    for (const [name, value] of Object.entries(looks)) lines.setAttribute(name, value);
    mark.after(lines);
  }

  addEventListener('beforeprint', () => document.querySelectorAll('[fill*="#bar-"]').forEach(hatch));
  addEventListener('afterprint', () => {
    document.querySelectorAll('.hatch').forEach((lines) => lines.remove());
    for (const mark of document.querySelectorAll('[data-pattern]')) {
      mark.setAttribute('fill', `url(#${mark.dataset.pattern})`);
      delete mark.dataset.pattern;
    }
  });

  for (const choice of document.querySelectorAll('.choice')) {
    const language = choice.id.slice('show-'.length);
    choice.addEventListener('change', () => { document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'; draw(language); });
    if (choice.checked) draw(language);
  }
})();
