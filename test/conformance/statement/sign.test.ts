import { expect } from 'chai';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signStatement, verifyStatement } from '../../../src/conformance/statement';
import { brokenRun, change, contradicted, Copies, forge, verify, writeStatement } from './sample';

interface Pair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const PAIRS: Readonly<Record<string, () => Pair>> = {
  EdDSA: () => generateKeyPairSync('ed25519'),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' }),
  ES384: () => generateKeyPairSync('ec', { namedCurve: 'secp384r1' }),
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
};

async function complaintOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (failure) {
    expect(failure).to.have.property('name', 'CannotJudge');
    return (failure as Error).message;
  }
  return 'nothing was complained about';
}

describe('the signature of a statement', function () {
  this.timeout(20_000);
  const original = mkdtempSync(join(tmpdir(), 'lwf-signed-'));
  const keys = mkdtempSync(join(tmpdir(), 'lwf-keys-'));
  const copies = new Copies(original);

  const write = (name: string, content: string | Buffer): string => {
    const path = join(keys, name);
    writeFileSync(path, content);
    return path;
  };
  const pemOf = (name: string, { privateKey, publicKey }: Pair): { secret: string; open: string } => ({
    secret: write(`${name}.private.pem`, privateKey.export({ type: 'pkcs8', format: 'pem' })),
    open: write(`${name}.public.pem`, publicKey.export({ type: 'spki', format: 'pem' })),
  });
  const signed = async (secret: string, folder = copies.make()): Promise<string> => {
    const { path, jws } = await signStatement(folder, secret, undefined);
    writeFileSync(path, jws);
    return folder;
  };

  before(async () => {
    writeStatement(original, await brokenRun());
  });

  after(() => {
    copies.remove();
    for (const folder of [original, keys]) rmSync(folder, { recursive: true, force: true });
  });

  for (const [algorithm, make] of Object.entries(PAIRS)) {
    it(`is made and checked with a key for ${algorithm}`, async () => {
      const { secret, open } = pemOf(algorithm, make());
      const folder = await signed(secret);
      const { standing, findings } = await verify(folder, { key: open });
      expect(standing).to.equal('stands');
      expect(findings.find(({ check }) => check === 'signature')?.text).to.match(
        new RegExp(`^It is signed \\(${algorithm}\\) with the key in .*public\\.pem`),
      );
      const [header = ''] = readFileSync(join(folder, 'statement.jws'), 'utf8').split('.');
      expect(JSON.parse(Buffer.from(header, 'base64url').toString('utf8'))).to.include({
        alg: algorithm,
        typ: 'ndis-lwf-statement+jws',
      });
    });
  }

  it('tells an edited statement, even with its digest made anew, and even its time', async () => {
    const { secret, open } = pemOf('edited', generateKeyPairSync('ed25519'));
    const forged = await signed(secret);
    forge(forged, (statement) => void (statement.environment.node = '99.0.0'));
    expect(contradicted(await verify(forged, { key: open }))).to.deep.equal(['signature']);
    const late = await signed(secret);
    change(late, (statement) => void (statement.time.finished = '2029-01-01T00:00:00Z'));
    expect(contradicted(await verify(late, { key: open }))).to.deep.equal(['signature']);
    expect((await verify(late)).standing, 'nobody vouches for a time without a signature').to.equal('stands');
  });

  it('tells the signature of somebody else, of something else, an edited one and one that was taken away', async () => {
    const own = pemOf('own', generateKeyPairSync('ed25519'));
    const other = pemOf('other', generateKeyPairSync('ec', { namedCurve: 'prime256v1' }));
    const another = pemOf('another', generateKeyPairSync('ed25519'));
    const folder = await signed(own.secret);
    expect(contradicted(await verify(folder, { key: other.open })), 'another kind').to.deep.equal(['signature']);
    expect(contradicted(await verify(folder, { key: another.open })), 'another key').to.deep.equal(['signature']);
    const path = join(folder, 'statement.jws');
    const jws = readFileSync(path, 'utf8');
    for (const [what, content] of [
      ['no JWS', 'hello'],
      ['empty', ''],
      ['cut', jws.slice(0, -20)],
      ['not signed', `${Buffer.from('{"alg":"none"}').toString('base64url')}.${jws.split('.')[1] ?? ''}.`],
    ] as const) {
      writeFileSync(path, content);
      expect(contradicted(await verify(folder, { key: own.open })), what).to.deep.equal(['signature']);
    }
    rmSync(path);
    expect(contradicted(await verify(folder, { key: own.open })), 'taken away').to.deep.equal(['signature']);
  });

  it('may lie elsewhere', async () => {
    const { secret, open } = pemOf('elsewhere', generateKeyPairSync('ed25519'));
    const folder = copies.make();
    const signature = write('elsewhere.jws', (await signStatement(folder, secret, undefined)).jws);
    expect((await verify(folder, { key: open, signature })).standing).to.equal('stands');
    expect(await complaintOf(verify(folder, { key: open, signature: join(keys, 'none.jws') }))).to.match(
      /^There is no signature .*none\.jws; check the path\.$/,
    );
  });

  it('is told of when nobody asked', async () => {
    const { secret } = pemOf('unasked', generateKeyPairSync('ed25519'));
    const note = async (folder: string): Promise<string | undefined> =>
      (await verify(folder)).findings.find(({ check }) => check === 'signature')?.text;
    expect(await note(await signed(secret))).to.match(/It is signed, and the signature was not checked.*--key FILE/);
    expect(await note(original)).to.match(/It is not signed/);
  });

  it('is made with a key that has a password, when the password is given', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const locked = write(
      'locked.pem',
      privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' }),
    );
    expect(await complaintOf(signStatement(original, locked, undefined))).to.match(/put it into .*LWF_KEY_PASSWORD/);
    expect(await complaintOf(signStatement(original, locked, 'wrong'))).to.match(/the password .* does not open it/);
    expect((await signStatement(original, locked, 'secret')).algorithm).to.equal('EdDSA');
  });

  it('is not made of a statement that was edited', async () => {
    const { secret } = pemOf('refusal', generateKeyPairSync('ed25519'));
    const folder = copies.make((copy) => change(copy, (statement) => void (statement.outcome = 'conforms')));
    expect(await complaintOf(signStatement(folder, secret, undefined))).to.match(/was edited after lwf run wrote it/);
  });

  it('needs the right kind of file, and says which', async () => {
    const { secret, open } = pemOf('kinds', generateKeyPairSync('ed25519'));
    const sign = (key: string): Promise<string> => complaintOf(signStatement(original, key, undefined));
    const check = (key: string): Promise<string> =>
      complaintOf(verifyStatement(original, { rerun: 'none', sample: 1, draw: '', today: '2026-01-01', key }));
    const small = pemOf('small', generateKeyPairSync('rsa', { modulusLength: 1024 }));
    const curve = pemOf('curve', generateKeyPairSync('ec', { namedCurve: 'secp256k1' }));
    expect(await sign(open)).to.match(/is a public key: lwf sign takes the private one/);
    expect(await check(secret)).to.match(/is a private key: only the vendor should have it/);
    expect(await sign(join(keys, 'nowhere.pem'))).to.match(/Cannot read the private key .*there is no such file/);
    expect(await sign(keys)).to.match(/it is a folder/);
    expect(await sign(write('empty.pem', ''))).to.match(/is no PEM file/);
    expect(await sign(write('noise.pem', '-----BEGIN PRIVATE KEY-----\nabc\n'))).to.match(/no private key, or damaged/);
    expect(await check(write('noise.pub', '-----BEGIN PUBLIC KEY-----\nabc\n'))).to.match(/no public key, or damaged/);
    expect(await sign(write('ssh', '-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n'))).to.match(/ssh-keygen -p -m PKCS8/);
    expect(await sign(small.secret)).to.match(/RSA of 1024 bits/);
    expect(await sign(curve.secret)).to.match(/ec secp256k1/);
  });
});
