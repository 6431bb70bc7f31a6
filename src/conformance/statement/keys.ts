/** Keys in PEM files, and how each kind signs. */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { CannotJudge } from '../cannot-judge';
import { bytesOf } from '../image-bytes';

/** As JWS names it. */
export type Algorithm = 'EdDSA' | 'ES256' | 'ES384' | 'ES512' | 'RS256' | 'PS256';

export interface SigningKey {
  readonly key: KeyObject;
  readonly algorithm: Algorithm;
}

const CURVES: Readonly<Record<string, Algorithm>> = { prime256v1: 'ES256', secp384r1: 'ES384', secp521r1: 'ES512' };

/** Less is not safe any more, and libraries refuse it. */
const LEAST_RSA = 2048;
/** A file of keys is small. */
const LARGEST = 64 * 1024;

/**
 * @param path of a private key in PEM (PKCS #8, PKCS #1, SEC 1)
 * @param password of the key; undefined when none was given
 * @throws CannotJudge when it is no private key, or its password is missing or wrong
 */
export function privateKeyAt(path: string, password: string | undefined): SigningKey {
  const pem = pemAt(path, 'private key');
  if (/-----BEGIN (?:PUBLIC KEY|RSA PUBLIC KEY|CERTIFICATE)-----/.test(pem)) {
    throw new CannotJudge(`${path} is a public key: lwf sign takes the private one, and lwf verify the public one.`);
  }
  const isLocked = /-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED/.test(pem);
  if (isLocked && password === undefined) {
    throw new CannotJudge(`${path} is protected by a password: put it into the environment variable LWF_KEY_PASSWORD.`);
  }
  try {
    const key = createPrivateKey({ key: pem, ...(isLocked && { passphrase: password }) });
    return { key, algorithm: algorithmOf(path, key) };
  } catch (failure) {
    if (failure instanceof CannotJudge) throw failure;
    const why = isLocked ? 'the password in LWF_KEY_PASSWORD does not open it' : 'it is no private key, or damaged';
    throw new CannotJudge(`${path} cannot be used (${why}); ${KINDS}.`, { cause: failure });
  }
}

/**
 * @param path of a public key (SPKI) or a certificate in PEM
 * @throws CannotJudge when it is no public key
 */
export function publicKeyAt(path: string): SigningKey {
  const pem = pemAt(path, 'public key');
  if (/-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/.test(pem)) {
    throw new CannotJudge(
      `${path} is a private key: only the vendor should have it. Give the public one (openssl pkey -in PRIVATE.pem -pubout).`,
    );
  }
  try {
    const key = createPublicKey(pem);
    return { key, algorithm: algorithmOf(path, key) };
  } catch (failure) {
    if (failure instanceof CannotJudge) throw failure;
    throw new CannotJudge(`${path} cannot be used (it is no public key, or damaged); ${KINDS}.`, { cause: failure });
  }
}

const KINDS = 'give a PEM file with a key for Ed25519, ECDSA (P-256, P-384, P-521) or RSA (2048 bits and more)';

function pemAt(path: string, what: string): string {
  const bytes = bytesOf(path, what);
  const text = bytes.toString('latin1', 0, LARGEST);
  if (text.includes('-----BEGIN OPENSSH PRIVATE KEY-----')) {
    throw new CannotJudge(
      `${path} is in OpenSSH's own format: turn a copy of it into PEM with ssh-keygen -p -m PKCS8 -f COPY.`,
    );
  }
  if (bytes.length <= LARGEST && text.includes('-----BEGIN ')) return text;
  throw new CannotJudge(`${path} is no PEM file ("-----BEGIN …"); ${KINDS}.`);
}

function algorithmOf(path: string, { asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): Algorithm {
  const curve = CURVES[details?.namedCurve ?? ''];
  if (type === 'ed25519') return 'EdDSA';
  if (type === 'ec' && curve !== undefined) return curve;
  const isRsa = type === 'rsa' || type === 'rsa-pss';
  if (isRsa && (details?.modulusLength ?? 0) >= LEAST_RSA) return type === 'rsa' ? 'RS256' : 'PS256';
  const what = isRsa
    ? `RSA of ${details?.modulusLength ?? 0} bits`
    : `${type ?? '?'} ${details?.namedCurve ?? ''}`.trim();
  throw new CannotJudge(`${path} is a key of a kind that is not used here (${what}); ${KINDS}.`);
}
