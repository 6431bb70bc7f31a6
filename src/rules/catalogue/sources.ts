/** Short ways to name where a rule comes from, so that the rule files stay readable. */
import type { Source } from '../rule';

const LEARN = 'https://learn.microsoft.com/windows-hardware/drivers/';

const learn = (page: string): Source => ({ page, url: LEARN + page });

/** A guide page on network drivers, e.g. `network('pausing-a-filter-module')`. */
export const network = (slug: string): Source => learn(`network/${slug}`);

/** A page on Driver Verifier or Static Driver Verifier rules. */
export const devtest = (slug: string): Source => learn(`devtest/${slug}`);

/** A page on bugchecks. */
export const bugcheck = (slug: string): Source => learn(`debugger/${slug}`);

/** A DDI page. Its second field is the header that it is filed under: `nf-nblapi-…` lies in `ddi/nblapi/`. */
export const ddi = (slug: string): Source => {
  const header = slug.split('-')[1];
  if (!header) throw new Error(`"${slug}" names no header: DDI pages are called like nc-ndis-filter_pause`);
  return learn(`ddi/${header}/${slug}`);
};

/** The index of all DDI pages of a header. */
export const ddiHeader = (header: string): Source => learn(`ddi/${header}/`);

/** Code that is evidence of practice, not of a norm: repository (without owner where it is Microsoft's) and path. */
export const sample = (path: string): Source => ({ page: `sample:${path}` });

/** An archived article of the NDIS team. */
export const blog = (title: string): Source => ({ page: `blog:${title}` });

/** A GitHub issue. */
export const issue = (repository: string, number: number): Source => ({
  page: `issue:${repository}#${number}`,
  url: `https://github.com/${repository}/issues/${number}`,
});

/** A GitHub pull request. */
export const pullRequest = (repository: string, number: number): Source => ({
  page: `issue:${repository}#${number}`,
  url: `https://github.com/${repository}/pull/${number}`,
});

export const BUGCHECK_7C = bugcheck('bug-check-0x7c--bugcode-ndis-driver');
export const LIVE_DUMP_15E = bugcheck('bug-check-0x15e-bugcode-ndis-driver-live-dump');
export const BUGCHECK_C4 = bugcheck('bug-check-0xc4--driver-verifier-detected-violation');
export const FILTER_SAMPLE = sample('Windows-driver-samples/network/ndis/filter/filter.c');
export const TEST_FILTER = sample('win-net-test/src/lwf/sys/oid.c');
