import { crossingText, type Crossing } from '../../trace';

/**
 * @param crossing a crossing
 * @returns its text beside a diagram: number, arrow and who takes part are drawn, so `FilterPause = NDIS_STATUS_PENDING` is left
 */
export function callText({ seq, dir, ddi, status, args, nbls, certainty }: Crossing): string {
  return crossingText({ seq, dir, ddi, status, args, nbls, certainty }).slice(`#${seq} ${dir}`.length);
}
