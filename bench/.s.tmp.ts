import { openSync, readSync, closeSync } from 'node:fs';
import { Scanner, PIECE } from '../src/trace/scan/scanner';
const [file] = process.argv.slice(2) as [string];
const sc = new Scanner();
for (let r = 0; r < 4; r++) { const fd = openSync(file, 'r'); let cpu = process.cpuUsage(); let n = 0;
  for (;;) { const b = sc.space(); const k = readSync(fd, b, 0, PIECE, null); if (!k) break; sc.scan(k); n += sc.records.length; sc.records.length = 0; }
  const u = process.cpuUsage(cpu); console.log(r, n, 'user', (u.user/1e3).toFixed(0), 'sys', (u.system/1e3).toFixed(0)); closeSync(fd); }
