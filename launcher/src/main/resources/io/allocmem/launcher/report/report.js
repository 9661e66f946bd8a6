'use strict';
// One cursor over all charts. The page is complete without it.
(() => {
  const figure = document.querySelector('figure');
  const {seconds, readouts} = JSON.parse(document.getElementById('data').textContent);
  const end = seconds[seconds.length - 1] || 1;
  // a word that lasts is null: its last appearance counts
  for (const {unit, values} of readouts) {
    for (let i = 1; unit === '' && i < values.length; i++) {
      values[i] ??= values[i - 1];
    }
  }
  const pictures = [...figure.querySelectorAll('svg')].map(svg => {
    const width = svg.viewBox.baseVal.width;
    const line = document.createElementNS(svg.namespaceURI, 'path');
    line.setAttribute('class', 'cursor');
    svg.append(line);
    const texts = [...svg.querySelectorAll('[data-readout]')]
        .map(text => ({text, at: Number(text.dataset.readout), plain: text.textContent}));
    return {svg, line, texts, left: Number(svg.dataset.left), right: Number(svg.dataset.right), width};
  });
  let now = -1;

  // as everywhere: at most four digits
  const size = mib => {
    const [number, unit] = mib < 9999.5 ? [mib, ' MiB'] : [mib / 1024, ' GiB'];
    return mib === null ? 'not measured' : number.toFixed(number < 999.95 ? 1 : 0) + unit;
  };

  const quantity = (value, unit) => unit === 'MiB' ? size(value)
      : value === null ? 'not measured' : value.toFixed(1) + ' ' + unit;

  const clock = at => {
    const [h, min, s] = [at / 3600, at / 60 % 60, at % 60].map(Math.floor);
    return at < 60 ? at.toFixed(1) + ' s'
        : (h ? h + ':' + String(min).padStart(2, '0') : min) + ':' + String(s).padStart(2, '0');
  };

  const show = index => {
    now = index;
    const shown = index >= 0;
    for (const {svg, line, texts, left, right} of pictures) {
      const x = Math.round(left + seconds[index] / end * (right - left));
      line.setAttribute('d', shown ? `M${x} 0V${svg.viewBox.baseVal.height}` : '');
      for (const {text, at, plain} of texts) {
        const value = shown ? readouts[at].values[index] : null;
        text.classList.toggle('moved', shown);
        text.textContent = !shown ? plain
            : readouts[at].unit === '' ? value + ' at ' + clock(seconds[index])
            : quantity(value, readouts[at].unit);
      }
    }
  };

  const nearest = at => {
    let low = 0;
    let high = seconds.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      seconds[middle] < at ? low = middle + 1 : high = middle;
    }
    return low > 0 && at - seconds[low - 1] < seconds[low] - at ? low - 1 : low;
  };

  const follow = event => {
    for (const {svg, left, right, width} of pictures) {
      const box = svg.getBoundingClientRect();
      if (box.width > 0) {
        const x = (event.clientX - box.left) / box.width * width;
        show(nearest(Math.max(0, Math.min(1, (x - left) / (right - left))) * end));
      }
    }
  };

  figure.addEventListener('pointermove', follow);
  figure.addEventListener('pointerdown', follow);
  figure.addEventListener('pointerleave', () => show(-1));
  figure.addEventListener('blur', () => show(-1));
  figure.addEventListener('keydown', event => {
    const step = {ArrowLeft: -1, ArrowRight: 1}[event.key];
    if (step) {
      event.preventDefault();
      show(Math.max(0, Math.min(seconds.length - 1, now < 0 ? 0 : now + step)));
    }
  });
})();
