'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const charts = [];
  const stepped = uPlot.paths.stepped({align: 1});
  const colour = name =>
      getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
  const mib = column => column.map(bytes => bytes === null ? null : bytes / 1048576);
  const highest = column => column.reduce((most, value) => Math.max(most, value ?? 0), 0);
  const number = (value, digits) =>
      value.toLocaleString('en', {minimumFractionDigits: digits, maximumFractionDigits: digits});

  const axis = label => ({
    label,
    stroke: () => colour('text'),
    grid: {stroke: () => colour('grid'), width: 1},
    ticks: {stroke: () => colour('grid'), width: 1},
    values: (u, values) => values.map(value => value.toLocaleString('en')),
  });

  const series = ([label, name, width, paths, dash]) => ({
    label,
    width,
    paths,
    dash,
    stroke: () => colour(name),
    points: {show: false},
    value: (u, value) => value === null || value === undefined ? '–' : number(value, 1) + ' MiB',
  });

  // Blocks are ticks at the foot, all else a line through the chart. A phase has its name beside,
  // where there is room in one of two rows.
  const marks = events => u => {
    const {ctx, bbox} = u;
    const px = uPlot.pxRatio;
    const free = [-Infinity, -Infinity];
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.font = 12 * px + 'px system-ui, sans-serif';
    ctx.textAlign = 'left';
    for (const {at, kind, label} of events) {
      const x = Math.round(u.valToPos(at, 'x', true));
      const bottom = bbox.top + bbox.height;
      ctx.strokeStyle = ctx.fillStyle =
          colour({blocks: 'committed', phase: 'faint'}[kind] || kind);
      ctx.lineWidth = px;
      ctx.setLineDash(kind === 'blocks' ? [] : [4 * px, 3 * px]);
      ctx.beginPath();
      ctx.moveTo(x, kind === 'blocks' ? bottom - 7 * px : bbox.top);
      ctx.lineTo(x, bottom);
      ctx.stroke();
      if (kind === 'phase' || kind === 'exhausted') {
        const width = ctx.measureText(label).width;
        const left = Math.min(x + 4 * px, bbox.left + bbox.width - width - 4 * px);
        const row = free.findIndex(from => left >= from);
        if (row >= 0) {
          ctx.fillText(label, left, bbox.top + (13 + 15 * row) * px);
          free[row] = left + width + 8 * px;
        }
      }
    }
    ctx.restore();
  };

  const draw = (parent, lines, columns, events) => {
    const chart = document.createElement('div');
    parent.append(chart);
    const u = new uPlot({
      width: parent.clientWidth,
      height: 340,
      scales: {
        x: {time: false, range: (u, min, max) => [min, max + 0.03 * (max - min || 1)]},
        y: {range: (u, min, max) => [0, Math.max(1, max * 1.2)]},
      },
      series: [
        {label: 'time', value: (u, value) => value === null ? '–' : number(value, 2) + ' s'},
        ...lines.map(series),
      ],
      axes: [axis('seconds since the recording began'), {...axis('MiB'), size: 70}],
      hooks: {draw: [marks(events)]},
    }, [data.seconds, ...columns], chart);
    charts.push(u);
    return u;
  };

  // What a reader of the page counts: taken from what the chart was given to draw.
  const count = (u, plan) => {
    const committed = u.data[1];
    let rises = 0;
    let blocks = 0;
    let released = '';
    for (let i = 1; i < committed.length; i++) {
      const grown = committed[i] - committed[i - 1];
      if (grown > 0) {
        rises++;
        blocks += grown * 1048576 / plan.blockSize;
      } else if (grown < 0 && committed[i] === 0) {
        released = u.data[0][i];
      }
    }
    Object.assign(u.root.parentElement.dataset, {rises, blocks: Math.round(blocks), released});
  };

  const stairs = document.getElementById('stairs');
  for (const plan of data.plans) {
    if (data.plans.length > 1) {
      const name = document.createElement('h3');
      name.textContent = 'Plan ' + plan.name;
      stairs.append(name);
    }
    // lines that lie on each other are all seen: by width, and by dashes
    const lines = [
      ['committed', 'committed', 5, stepped],
      ['touched', 'touched', 3, stepped],
      ['resident', 'resident', 3, stepped, [6, 6]],
    ];
    const columns = [plan.committed, plan.touched, plan.resident].map(mib);
    const events = data.events.filter(({plan: of}) => of === null || of === plan.name);
    count(draw(stairs, lines, columns, events), plan);
  }

  const styles = {
    'RSS': ['rss', 2],
    'heap used': ['used', 1.5],
    'heap live': ['live', 1.5, stepped],
    'heap max': ['max', 1.5],
    'container used': ['container', 1.5],
    'container capacity': ['capacity', 1.5],
  };
  const names = Object.keys(data.jvm);
  const columns = names.map(name => mib(data.jvm[name]));
  const process = draw(document.getElementById('process'),
      names.map(name => [name, ...styles[name]]), columns, data.events);
  // a limit far above all else would press the rest to the floor
  const used = Math.max(...names.map((name, i) => /max|capacity/.test(name) ? 0 : highest(columns[i])));
  names.forEach((name, i) => {
    if (highest(columns[i]) > 3 * used) {
      process.setSeries(i + 1, {show: false});
    }
  });

  addEventListener('resize', () => charts.forEach(u =>
      u.setSize({width: u.root.parentElement.parentElement.clientWidth, height: 340})));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () =>
      charts.forEach(u => u.redraw(false, true)));
})();
