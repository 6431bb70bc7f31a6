import { escapeText } from '../markup/html';
import type { Crossing } from '../../trace';
import { diagramOf, type DiagramOptions } from './diagram';
import { drawSequence } from './draw-sequence';
import { standaloneStyle } from './style';

export interface SequenceOptions extends DiagramOptions {
  /** With a style sheet of its own (default), for files and attachments; without, for a page that has it. */
  readonly standalone?: boolean;
}

/**
 * A call trace as a sequence diagram.
 * @param crossings a trace (or part of one), in order
 * @param options what to mark, and whether to fold a long trace
 * @returns an SVG document, or element when not standalone
 */
export function sequenceSvg(crossings: readonly Crossing[], options: SequenceOptions = {}): string {
  const { standalone = true } = options;
  return drawSequence(diagramOf(crossings, options), escapeText, {
    attributes: standalone ? 'xmlns="http://www.w3.org/2000/svg" ' : '',
    prologue: standalone ? standaloneStyle() : '',
  });
}
