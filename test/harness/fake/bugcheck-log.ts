/** What the fake machine knows of its own ends: entries of its log, and the last dump. */
import type { Bugcheck } from '../../../src/kernel';

export interface BugcheckRecord {
  readonly record: number;
  readonly message: string;
}

const DUMP = 'C:\\Windows\\MEMORY.DMP';
/** In place of what the model has a name for. */
const SOME_ADDRESS = '0xffff800000001000';

export class BugcheckLog {
  readonly records: BugcheckRecord[] = [];
  readonly dumps = new Map<string, Buffer>();

  write({ code, parameters }: Bugcheck): void {
    const record = this.records.length + 1;
    const numbers = parameters.map((each) => (/^0x[0-9a-f]+$/i.test(each) ? each : SOME_ADDRESS));
    const told = Array.from({ length: 4 }, (_, index) => hex(numbers[index] ?? '0x0', 16)).join(', ');
    this.records.push({
      record,
      message: `The computer has rebooted from a bugcheck.  The bugcheck was: ${hex(code, 8)} (${told}). A dump was saved in: ${DUMP}. Report Id: 00000000-0000-0000-0000-00000000000${record % 10}.`,
    });
    this.dumps.set(DUMP, Buffer.from(`PAGEDU64 ${record}`));
  }
}

function hex(text: string, digits: number): string {
  return `0x${text.slice(2).toLowerCase().padStart(digits, '0')}`;
}
