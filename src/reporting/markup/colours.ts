/** Colours of the page: light, dark where the system or the reader wants it, and always light on paper. */
import { DIAGRAM_COLOURS } from '../diagrams/style';

const LIGHT =
  'color-scheme:light;--accent:#0b4f8a;--pass:#17662f;--na:#57606a;--unseen:#1a5a86;--error:#7a2aa8;--unspecified:#6a5200;--waived:#7a4a00;';
const DARK =
  'color-scheme:dark;--accent:#82b9f2;--pass:#6fcf8e;--na:#a6b0bb;--unseen:#7cc0ee;--error:#d3a4f5;--unspecified:#dcbf66;--waived:#f0b35a;';

const light = LIGHT + DIAGRAM_COLOURS.light;
const dark = DARK + DIAGRAM_COLOURS.dark;

export const PAGE_COLOURS =
  `:root{${light}}` +
  `@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){${dark}}}` +
  `@media screen{:root[data-theme=dark]{${dark}}}`;
