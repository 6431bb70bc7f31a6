/** Signatures of statements: a compact JWS (RFC 7515) beside the statement, over its very bytes. */
import type { JsonWebKey, KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { CannotJudge } from '../cannot-judge';
import { digestOf } from './canonical';
import type { Findings } from './findings';
import { privateKeyAt, publicKeyAt } from './keys';
import { readStatement } from './read-statement';

/** What is used of the library `jose`. */
interface Jose {
  readonly CompactSign: new (payload: Uint8Array) => {
    setProtectedHeader(header: { alg: string; typ: string; kid: string }): { sign(key: KeyObject): Promise<string> };
  };
  readonly compactVerify: (
    jws: string,
    key: KeyObject,
    options: { algorithms: string[] },
  ) => Promise<{
    readonly payload: Uint8Array;
    readonly protectedHeader: { readonly alg: string; readonly typ?: string };
  }>;
  readonly calculateJwkThumbprint: (key: JsonWebKey) => Promise<string>;
  readonly errors: Readonly<
    Record<'JOSEError' | 'JOSEAlgNotAllowed' | 'JWSSignatureVerificationFailed', new () => Error>
  >;
}

/** Loaded only for those who sign, or check a signature. */
const load = createRequire(__filename);
const jose = (): Jose => load('jose') as Jose;

/** What the envelope says that it holds. */
const TYPE = 'ndis-lwf-statement+jws';
const LARGEST = 400 * 1024 * 1024;

export interface Signed {
  /** The file that was signed. */
  readonly statement: string;
  /** Where the signature belongs. */
  readonly path: string;
  readonly jws: string;
  readonly algorithm: string;
  /** Thumbprint of the public key (RFC 7638). */
  readonly key: string;
}

/** @returns `statement.jws` for `statement.json` */
function signaturePath(statement: string): string {
  return `${statement.replace(/\.json$/i, '')}.jws`;
}

/**
 * @param given the statement, or its folder
 * @param keyPath of the private key in PEM
 * @param password of the key, if it has one
 * @throws CannotJudge when the statement was edited, or the key cannot be used
 */
export async function signStatement(given: string, keyPath: string, password: string | undefined): Promise<Signed> {
  const { path, bytes, statement, faults } = readStatement(given);
  if (!statement || faults.length > 0 || digestOf(statement) !== statement.digest) {
    throw new CannotJudge(
      `${path} was edited after lwf run wrote it, and is not signed: lwf verify ${path} says more.`,
    );
  }
  const { key, algorithm } = privateKeyAt(keyPath, password);
  const thumbprint = await thumbprintOf(key);
  const jws = await new (jose().CompactSign)(bytes)
    .setProtectedHeader({ alg: algorithm, typ: TYPE, kid: thumbprint })
    .sign(key);
  return { statement: path, path: signaturePath(path), jws: `${jws}\n`, algorithm, key: thumbprint };
}

async function thumbprintOf(key: KeyObject): Promise<string> {
  const { d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...publicPart } = key.export({ format: 'jwk' });
  return jose().calculateJwkThumbprint(publicPart);
}

/**
 * Checks the signature of a statement.
 * @param path of the signature
 * @param bytes of the statement
 * @param keyPath of the vendor's public key; without it, only whether there is a signature is told
 */
export async function checkSignature(
  path: string,
  bytes: Uint8Array,
  keyPath: string | undefined,
  findings: Findings,
): Promise<void> {
  const key = keyPath === undefined ? undefined : publicKeyAt(keyPath);
  const jws = signatureAt(path);
  if (jws === undefined) {
    if (key)
      findings.contradicts(
        'signature',
        `There is no ${path}: the statement is not signed, or the signature was taken away.`,
      );
    else findings.note('signature', 'It is not signed: nothing but a re-run tells who made it.');
    return;
  }
  if (!key) {
    findings.note(
      'signature',
      `It is signed, and the signature was not checked: give the vendor's public key with --key FILE.`,
    );
    return;
  }
  const { compactVerify, errors } = jose();
  try {
    const { payload, protectedHeader } = await compactVerify(jws, key.key, { algorithms: [key.algorithm] });
    if (protectedHeader.typ !== TYPE || !Buffer.from(bytes).equals(payload)) {
      findings.contradicts(
        'signature',
        `${path} is a signature of this key, and of something else than this statement.`,
      );
      return;
    }
    findings.holds('signature', `It is signed (${protectedHeader.alg}) with the key in ${keyPath ?? ''}.`);
  } catch (failure) {
    if (failure instanceof errors.JWSSignatureVerificationFailed || failure instanceof errors.JOSEAlgNotAllowed) {
      findings.contradicts('signature', `${path} was not made with the key in ${keyPath ?? ''}, or was edited.`);
    } else if (failure instanceof errors.JOSEError) {
      findings.contradicts('signature', `${path} is no signature as lwf sign writes it (${failure.message}).`);
    } else throw failure;
  }
}

/** @returns where the signature is: beside the statement, unless another place is named */
export function signatureOf(statement: string, named: string | undefined): string {
  if (named === undefined) return signaturePath(statement);
  if (!existsSync(named)) throw new CannotJudge(`There is no signature ${named}; check the path.`);
  return named;
}

function signatureAt(path: string): string | undefined {
  try {
    const bytes = readFileSync(path);
    return bytes.length > LARGEST ? '' : bytes.toString('latin1').trim();
  } catch (failure) {
    if (failure instanceof Error && 'code' in failure && failure.code === 'ENOENT') return undefined;
    throw new CannotJudge(
      `Cannot read the signature ${path} (${failure instanceof Error && 'code' in failure ? String(failure.code) : String(failure)}); check its permissions.`,
      { cause: failure },
    );
  }
}
