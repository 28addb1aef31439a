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

  for (const choice of document.querySelectorAll('.choice')) {
    const language = choice.id.slice('show-'.length);
    choice.addEventListener('change', () => { document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'; draw(language); });
    if (choice.checked) draw(language);
  }
})();
