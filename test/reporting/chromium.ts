/** The Chromium that looks at a page the way a reader does: one for all tests of a process, as starting one takes seconds. */
import { chromium, type Browser } from 'playwright-core';
import { findChromium } from '../../src/cli/doctor/chromium';

/** Quiet: no update, no synchronisation, no first-run page, so that nothing but the page can ask the network for anything. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

let launched: Promise<Browser> | undefined;

/** @returns undefined where no Chromium is installed; whoever asked says so, and leaves their tests out */
export async function openChromium(): Promise<Browser | undefined> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    console.log(
      '    skipped: no Chromium found; install one or name it in CHROMIUM_PATH to check the page in a browser',
    );
    return undefined;
  }
  launched ??= chromium.launch({ executablePath, args: QUIET });
  return launched;
}

// Outside of any suite: when all tests have run.
after(async () => (await launched)?.close());
