/** How tests start the Chromium that looks at a page the way a reader does. */
import type { LaunchOptions } from 'playwright-core';

/** Quiet: no update, no synchronisation, no first-run page, so that nothing but the page can ask the network for anything. */
export function launchOptions(executablePath: string): LaunchOptions {
  return {
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  };
}
