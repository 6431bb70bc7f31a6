/** Which version of a driver first broke a rule. It brings the reader of images along: whoever bisects nothing does without. */
export { bisect, type Bisection, type Evidence, type Judgement, type Outcome } from './bisect';
export { profileIn } from '../image-file';
export { judgeVersion } from './judge-version';
export { orderVersions, type Order, type OrderedVersions, type VersionOfDriver } from './versions';
