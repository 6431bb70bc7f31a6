/** The look of diagrams. The page includes it once; a standalone SVG carries it with it. */

/** Rules that use the colours of the page (custom properties). */
export const DIAGRAM_CSS = `
.sq,.sm{font:12px/1.3 var(--mono,ui-monospace,Consolas,"DejaVu Sans Mono",monospace);fill:var(--text);background:var(--page)}
.sq-lane{font-weight:600}.sq-life{stroke:var(--line-strong);stroke-width:1}
.sq-seq,.sq-thread,.sq-gap{fill:var(--muted)}.sq-thread{font-size:10px}
.sq-call,.sq-back,.sq-open{stroke:var(--text);fill:none;stroke-width:1.2}.sq-tip{fill:var(--text)}
.sq-back,.sq-open{stroke:var(--muted)}.sq-back{stroke-dasharray:4 3}
.sq-cut{stroke:var(--line-strong);stroke-dasharray:2 5;fill:none}
.sq-rest{stroke:var(--line);fill:none}.sq-quiet text{fill:var(--muted)}
.sq-note{fill:var(--fail)}.sq-bang{fill:var(--page);font-weight:700}
.sq-mark{fill:none}.sq-broken .sq-mark{fill:var(--fail-soft);stroke:var(--fail);stroke-width:1}.sq-witness .sq-mark{fill:var(--witness-soft)}
.sq-tag{font-weight:700}.sq-broken .sq-tag{fill:var(--fail)}.sq-witness .sq-tag{fill:var(--witness)}
.sq-broken .sq-call,.sq-broken .sq-back,.sq-broken .sq-open{stroke:var(--fail);stroke-width:2}.sq-broken .sq-tip{fill:var(--fail)}
.sq-band{stroke-width:6;fill:none}.sq-state{font-size:10px;fill:var(--muted);paint-order:stroke;stroke:var(--page);stroke-width:3px}
.sq-Attaching,.sq-Restarting{stroke:var(--st-moving)}.sq-Paused{stroke:var(--st-paused)}.sq-Running{stroke:var(--st-running)}
.sq-Pausing{stroke:var(--st-pausing)}.sq-Detaching{stroke:var(--st-detaching)}.sq-Detached{stroke:var(--line-strong);stroke-dasharray:2 4}
.sm-state{fill:var(--panel);stroke:var(--line-strong);stroke-width:1.5}.sm-Running{stroke:var(--st-running);stroke-width:2.5}
.sm-name{font-weight:600;font-size:13px}.sm-edge{fill:none;stroke:var(--text);stroke-width:1.5}.sm-tip{fill:var(--text)}
.sm-label{font-size:11px;paint-order:stroke;stroke:var(--page);stroke-width:4px}.sm-count{font-weight:700}
.sm-uncovered .sm-edge{stroke:var(--fail);stroke-dasharray:5 4}.sm-uncovered .sm-tip{fill:var(--fail)}.sm-uncovered .sm-count{fill:var(--fail)}
`
  .trim()
  .replaceAll('\n', '');

const LIGHT =
  '--page:#fff;--panel:#f5f6f8;--text:#1c2127;--muted:#57606a;--line:#dde1e6;--line-strong:#b6bdc6;' +
  '--fail:#b3151b;--fail-soft:#fde8e8;--witness:#7a4a00;--witness-soft:#fff3d6;' +
  '--st-moving:#8b97a5;--st-paused:#c9a227;--st-running:#2e8b57;--st-pausing:#e08a2e;--st-detaching:#9b4dca;';
const DARK =
  '--page:#14171b;--panel:#1d2127;--text:#dde2e8;--muted:#9aa4af;--line:#2c323a;--line-strong:#4a535e;' +
  '--fail:#ff8a84;--fail-soft:#43191b;--witness:#f0c674;--witness-soft:#3a2f14;' +
  '--st-moving:#7d8996;--st-paused:#c9a227;--st-running:#4caf7d;--st-pausing:#e08a2e;--st-detaching:#b57edc;';

/** Colours of diagrams, for the page too: one truth for both. */
export const DIAGRAM_COLOURS = { light: LIGHT, dark: DARK } as const;

export function standaloneStyle(): string {
  return `<style>svg{${LIGHT}}@media (prefers-color-scheme:dark){svg{${DARK}}}${DIAGRAM_CSS}</style>`;
}
