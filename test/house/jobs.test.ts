import { expect } from 'chai';
import sinon from 'sinon';
import { runJobs, type Job, type JobResult } from '../../scripts/jobs';

function job(name: string, script: string, more: Partial<Job> = {}): Job {
  return { name, node: ['-e', script], ...more };
}

describe('Jobs side by side', () => {
  /** Runs jobs with their lines caught. */
  async function run(jobs: readonly Job[]): Promise<{ results: JobResult[]; lines: string }> {
    const write = sinon.stub(process.stdout, 'write').returns(true);
    try {
      const results = await runJobs(jobs);
      return { results, lines: write.args.map(([text]) => String(text)).join('') };
    } finally {
      write.restore();
    }
  }

  it('say one line each, and what they counted', async () => {
    const count = (output: string) => ({ passed: Number(output), failed: 0, of: 'tests' });
    const { results, lines } = await run([job('good', 'console.log(3)', { count })]);
    expect(lines).to.match(/^✓ good \(3 tests passed, \d+\.\d s\)\n$/);
    expect(results[0]).to.include({ ok: true });
  });

  it('show all their output when they fail', async () => {
    const { results, lines } = await run([job('bad', 'console.log("a\\nb"); console.error("c"); process.exit(3)')]);
    expect(lines).to.match(/^✗ bad \(\d+\.\d s\)\n {4}a\n {4}b\n {4}c\n$/);
    expect(results[0]).to.include({ ok: false });
  });

  it('wait for the jobs they come after, and no others', async () => {
    const { results } = await run([
      job('last', '', { after: ['slow'] }),
      job('slow', 'setTimeout(() => 0, 300)'),
      job('quick', ''),
    ]);
    expect(results.map((result) => result.job.name)).to.deep.equal(['quick', 'slow', 'last']);
  });

  it('never wait for a job that does not come', async () => {
    const outcome = await run([job('lost', '', { after: ['nobody'] })]).catch((failure: Error) => failure.message);
    expect(outcome).to.equal('these jobs wait for jobs that never come: lost');
  });
});
