import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { BroadcastChannel } from 'node:worker_threads';
import { expect } from 'chai';
import { endWhatThreadsStart } from '../../adapters/stdio/children';

describe('Programs that threads have started', () => {
  it('end with the process, unless they have ended before', async () => {
    const before = process.listeners('exit');
    const over = endWhatThreadsStart();
    const thread = new BroadcastChannel('lwf-adapters');
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const ended = once(child, 'exit');
    try {
      thread.postMessage({ pid: child.pid, runs: true });
      // Of one that is gone; were it not forgotten, somebody else with that number would be ended.
      thread.postMessage({ pid: process.pid, runs: true });
      thread.postMessage({ pid: process.pid, runs: false });
      await setTimeout(50);
      const [atExit] = process.listeners('exit').filter((listener) => !before.includes(listener));
      atExit?.(2);
      expect((await ended)[1] ?? 'ended').to.be.oneOf(['SIGKILL', 'ended']);
    } finally {
      thread.close();
      over();
      child.kill('SIGKILL');
    }
    expect(process.listeners('exit')).to.deep.equal(before);
  });
});
