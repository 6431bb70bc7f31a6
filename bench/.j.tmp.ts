import { openSync, readSync, closeSync } from 'node:fs';
import { Scanner, PIECE } from '../src/trace/scan/scanner';
import { Rebuilder } from '../src/trace/scan/rebuilder';
import { createJudges } from '../src/rules';
import type { Crossing } from '../src/trace';
// judges alone: keep batches of crossings in memory
const [file] = process.argv.slice(2) as [string];
const sc = new Scanner(); const judges = createJudges(); let batch: Crossing[] = [];
const rb = new Rebuilder({ header() {}, problem(x) { console.log(x); }, crossing: (c) => { batch.push(c); } });
let ts = 0, tr = 0, tj = 0, n = 0; const cpu = () => { const u = process.cpuUsage(); return (u.user + u.system) / 1e3; };
const fd = openSync(file, 'r');
for (;;) { let a = cpu(); let more = true; const recs: [Float64Array, number][] = [];
  for (let i = 0; i < 100; i++) { const b = sc.space(); const k = readSync(fd, b, 0, PIECE, null); if (!k) { more = false; break; } sc.scan(k); recs.push([sc.records.numbers.slice(0, sc.records.length), sc.records.length]); sc.records.length = 0; }
  let b = cpu(); ts += b - a; a = b; for (const [x, l] of recs) rb.take(x, l); b = cpu(); tr += b - a; a = b;
  for (const c of batch) judges.see(c); n += batch.length; batch = []; b = cpu(); tj += b - a;
  if (n % 1 === 0) console.log(n, 'per crossing ns: scan', (ts / n * 1e6).toFixed(0), 'rebuild', (tr / n * 1e6).toFixed(0), 'judge', (tj / n * 1e6).toFixed(0));
  if (!more) break; }
