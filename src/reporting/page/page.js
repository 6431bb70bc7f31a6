/* global document, window, location, matchMedia, diagramsTogether, escapeText, drawSequence */
// What the living documentation does in a browser. Without it the page can be read, folded and printed all the same.
(() => {
  'use strict';
  const byId = (id) => document.getElementById(id);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // ---- light and dark -----------------------------------------------------------------------------------------
  const theme = byId('theme');
  const system = matchMedia('(prefers-color-scheme: dark)');
  const stored = (write) => {
    try {
      if (write) localStorage.setItem('lwf-theme', write);
      return localStorage.getItem('lwf-theme');
    } catch {
      return null; // a browser may forbid storage to pages from disk
    }
  };
  const isDark = () => (document.documentElement.dataset.theme || (system.matches ? 'dark' : 'light')) === 'dark';
  const showTheme = () => {
    theme.textContent = isDark() ? 'Light' : 'Dark';
    theme.setAttribute('aria-label', isDark() ? 'Switch to light colours' : 'Switch to dark colours');
  };
  const chosen = stored();
  if (chosen) document.documentElement.dataset.theme = chosen;
  theme.addEventListener('click', () => {
    document.documentElement.dataset.theme = stored(isDark() ? 'light' : 'dark') || (isDark() ? 'light' : 'dark');
    showTheme();
  });
  system.addEventListener('change', showTheme);
  showTheme();

  // ---- addresses: what is linked to is opened -----------------------------------------------------------------
  const reveal = (id) => {
    const target = id && byId(id);
    if (!target) return;
    for (let node = target; node; node = node.parentElement) if (node.tagName === 'DETAILS') node.open = true;
    target.scrollIntoView();
    const summary = target.tagName === 'DETAILS' ? target.querySelector('summary') : null;
    if (summary) summary.focus({ preventScroll: true });
  };
  const revealHash = () => reveal(decodeURIComponent(location.hash.slice(1)));
  window.addEventListener('hashchange', revealHash);
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[href^="#"]');
    // The address does not change when one follows the same link again.
    if (link && link.getAttribute('href') === location.hash) revealHash();
  });
  if (location.hash) revealHash();

  // ---- diagrams on demand -------------------------------------------------------------------------------------
  const packs = new Map();
  const unpack = async (pack) => {
    const bytes = Uint8Array.from(atob(byId(`diagrams-${pack}`).textContent), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
    return JSON.parse(await new Response(stream).text());
  };
  const draw = async (number) => {
    const pack = Math.floor(number / diagramsTogether);
    if (!packs.has(pack)) packs.set(pack, unpack(pack));
    const diagrams = await packs.get(pack);
    return drawSequence(diagrams[number % diagramsTogether], escapeText, { attributes: '', prologue: '' });
  };
  const showDiagram = async (button) => {
    const shown = button.diagramBox;
    if (shown) {
      shown.hidden = !shown.hidden;
      button.setAttribute('aria-expanded', String(!shown.hidden));
      return;
    }
    const box = document.createElement('div');
    box.className = 'scroll diagram';
    box.tabIndex = 0;
    box.setAttribute('role', 'group');
    box.setAttribute('aria-label', 'Sequence diagram');
    button.diagramBox = box;
    button.setAttribute('aria-expanded', 'true');
    button.closest('p').after(box);
    try {
      box.innerHTML = await draw(Number(button.dataset.diagram));
    } catch {
      box.textContent = 'This browser can not unpack the diagram. The trace is in run.json.';
    }
  };

  // ---- buttons ------------------------------------------------------------------------------------------------
  document.addEventListener('click', (event) => {
    const button = event.target.closest('button');
    if (!button) return;
    if (button.dataset.diagram) void showDiagram(button);
    if (button.dataset.expand) for (const details of all(button.dataset.expand)) details.open = true;
    if (button.dataset.collapse) for (const details of all(button.dataset.collapse)) details.open = false;
    if (button.className === 'copy' && navigator.clipboard) {
      navigator.clipboard.writeText(button.previousElementSibling.textContent).then(
        () => (button.textContent = 'Copied'),
        () => (button.textContent = 'Not allowed'),
      );
    }
  });

  // ---- search -------------------------------------------------------------------------------------------------
  const search = byId('search');
  const found = byId('found');
  const MOST = 40;
  const KIND_ORDER = ['rule', 'question', 'driver', 'sequence', 'scenario', 'failure', 'dispute'];
  let index;
  let active = -1;
  const buildIndex = () =>
    all('[data-search]').map((node) => {
      const rid = node.querySelector(':scope > summary > .rid');
      const label = node.querySelector('.label').textContent.trim();
      const title = rid
        ? `${rid.textContent} ${label}`
        : node.dataset.search === 'dispute'
          ? `${node.id.slice(8)} ${label}`
          : label;
      return { id: node.id, kind: node.dataset.search, title, text: title.toLowerCase() };
    });
  const rank = (entry, words) => {
    let score = KIND_ORDER.indexOf(entry.kind);
    for (const word of words) {
      const at = entry.text.indexOf(word);
      if (at < 0) return -1;
      // The beginning of the entry is best, then the beginning of a word.
      score += at === 0 ? 0 : /[a-z0-9]/.test(entry.text[at - 1]) ? 40 : 20;
    }
    return score;
  };
  const mark = (title, words) => {
    const fragment = document.createDocumentFragment();
    const lower = title.toLowerCase();
    let from = 0;
    while (from < title.length) {
      const next = words
        .map((word) => ({ at: lower.indexOf(word, from), word }))
        .filter(({ at }) => at >= 0)
        .sort((a, b) => a.at - b.at || b.word.length - a.word.length)[0];
      if (!next) break;
      fragment.append(title.slice(from, next.at));
      const marked = document.createElement('mark');
      marked.textContent = title.slice(next.at, next.at + next.word.length);
      fragment.append(marked);
      from = next.at + next.word.length;
    }
    fragment.append(title.slice(from));
    return fragment;
  };
  const close = () => {
    found.hidden = true;
    active = -1;
    search.setAttribute('aria-expanded', 'false');
    search.removeAttribute('aria-activedescendant');
  };
  const look = () => {
    index ??= buildIndex();
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    found.textContent = '';
    active = -1;
    search.removeAttribute('aria-activedescendant');
    if (words.length === 0) {
      byId('found-count').textContent = '';
      return close();
    }
    const hits = index
      .map((entry, i) => ({ entry, i, score: rank(entry, words) }))
      .filter(({ score }) => score >= 0)
      .sort((a, b) => a.score - b.score || a.i - b.i);
    for (const { entry, i } of hits.slice(0, MOST)) {
      const item = document.createElement('li');
      item.id = `found-${i}`;
      item.setAttribute('role', 'option');
      item.setAttribute('aria-selected', 'false');
      item.dataset.target = entry.id;
      const kind = document.createElement('span');
      kind.textContent = entry.kind;
      const title = document.createElement('span');
      title.append(mark(entry.title, words));
      item.append(kind, title);
      found.append(item);
    }
    byId('found-count').textContent = `${hits.length} found`;
    found.hidden = hits.length === 0;
    search.setAttribute('aria-expanded', String(hits.length > 0));
    if (hits.length > 0) choose(0);
  };
  const choose = (which) => {
    const items = [...found.children];
    if (items.length === 0) return;
    items[active]?.setAttribute('aria-selected', 'false');
    active = (which + items.length) % items.length;
    items[active].setAttribute('aria-selected', 'true');
    items[active].scrollIntoView({ block: 'nearest' });
    search.setAttribute('aria-activedescendant', items[active].id);
  };
  const go = (item) => {
    close();
    if (location.hash === `#${item.dataset.target}`) revealHash();
    else location.hash = item.dataset.target;
  };
  search.addEventListener('input', look);
  search.addEventListener('focus', () => search.value && look());
  search.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      choose(active + (event.key === 'ArrowDown' ? 1 : -1));
    } else if (event.key === 'Enter' && found.children[active]) {
      event.preventDefault();
      go(found.children[active]);
    } else if (event.key === 'Escape') {
      search.value = '';
      close();
      search.blur();
    }
  });
  found.addEventListener('mousedown', (event) => {
    const item = event.target.closest('li');
    if (!item) return;
    event.preventDefault();
    go(item);
  });
  search.addEventListener('blur', close);
  document.addEventListener('keydown', (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    search.focus();
    search.select();
  });

  // ---- kill matrix --------------------------------------------------------------------------------------------
  const matrix = document.querySelector('.matrix table');
  if (matrix) {
    const story = byId('matrix-story');
    const headings = all('thead th', matrix).slice(1);
    const rows = () => all('tbody tr:not(.group)', matrix).filter((row) => row.offsetParent);
    const marks = () => all('a[data-driver]', matrix).filter((link) => link.offsetParent);
    let hot = [];
    const tell = (link) => {
      const driver = byId(link.dataset.driver);
      if (!driver) return;
      story.textContent = '';
      const title = document.createElement('p');
      const name = document.createElement('a');
      name.href = `#${link.dataset.driver}`;
      name.textContent = driver.querySelector('.label').textContent;
      title.append(name);
      // A mark tells of its rule, a driver of the rule it is there for.
      const told = all('[data-told]', driver);
      const rule = link.dataset.rule ?? told[1].dataset.told;
      const parts = told.filter((part) => !part.dataset.told || part.dataset.told === rule);
      story.append(title, ...parts.map((part) => part.cloneNode(true)));
      for (const cell of hot) cell.classList.remove('hot');
      const cell = link.closest('td, th');
      hot = [cell.closest('tr').firstElementChild, headings[cell.cellIndex - 1], cell].filter(Boolean);
      for (const each of hot) each.classList.add('hot');
    };
    // One stop for Tab; arrow keys go on from there.
    const stop = (link) => {
      for (const other of all('a[data-driver]', matrix)) other.tabIndex = -1;
      if (link) link.tabIndex = 0;
    };
    stop(marks()[0]);
    matrix.addEventListener('focusin', (event) => {
      const link = event.target.closest('a[data-driver]');
      if (!link) return;
      stop(link);
      tell(link);
    });
    matrix.addEventListener('click', (event) => {
      const link = event.target.closest('a[data-driver]');
      if (!link) return;
      event.preventDefault();
      link.focus();
      tell(link);
    });
    matrix.addEventListener('keydown', (event) => {
      const link = event.target.closest('a[data-driver]');
      const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
      if (!link || !step) return;
      event.preventDefault();
      const here = link.closest('td, th');
      const rowList = [matrix.tHead.rows[0], ...rows()];
      const rowAt = rowList.indexOf(here.closest('tr'));
      const places = marks().map((candidate) => {
        const cell = candidate.closest('td, th');
        return { candidate, row: rowList.indexOf(cell.closest('tr')), column: cell.cellIndex };
      });
      const [down, right] = step;
      const ahead = places.filter(({ row, column }) =>
        down ? (row - rowAt) * down > 0 : row === rowAt && (column - here.cellIndex) * right > 0,
      );
      // The nearest row, and in it the nearest column; or the nearest column of the same row.
      ahead.sort((a, b) =>
        down
          ? Math.abs(a.row - rowAt) - Math.abs(b.row - rowAt) ||
            Math.abs(a.column - here.cellIndex) - Math.abs(b.column - here.cellIndex)
          : Math.abs(a.column - here.cellIndex) - Math.abs(b.column - here.cellIndex),
      );
      if (ahead[0]) ahead[0].candidate.focus();
    });
    for (const fold of all('.fold', matrix)) {
      fold.addEventListener('click', () => {
        const open = fold.getAttribute('aria-expanded') !== 'true';
        fold.setAttribute('aria-expanded', String(open));
        for (const row of all('tr:not(.group)', fold.closest('tbody'))) row.hidden = !open;
      });
    }
    byId('matrix-area').addEventListener('change', (event) => {
      const area = event.target.value;
      for (const body of all('tbody', matrix)) body.hidden = area !== '' && body.dataset.area !== area;
      const shown = all('tbody:not([hidden]) tr:not(.group)', matrix);
      headings.forEach((heading, i) => {
        const touched =
          area === '' || heading.dataset.column === area || shown.some((row) => row.cells[i + 1].firstElementChild);
        heading.hidden = !touched;
        for (const row of all('tbody tr:not(.group)', matrix)) row.cells[i + 1].hidden = !touched;
      });
      stop(marks()[0]);
    });
  }

  // ---- printing: what is folded would be missing ------------------------------------------------------------------
  let opened = [];
  window.addEventListener('beforeprint', () => {
    opened = all('details:not([open])');
    for (const details of opened) details.open = true;
  });
  window.addEventListener('afterprint', () => {
    for (const details of opened) details.open = false;
    opened = [];
  });
})();
