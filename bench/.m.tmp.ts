import { openSync, readSync, fstatSync } from 'node:fs';
import { Scanner, PIECE } from '../src/trace/scan/scanner';
import { Rebuilder } from '../src/trace/scan/rebuilder';
import { createJudges } from '../src/rules';
const [mode, file] = process.argv.slice(2) as [string, string];
const cpu = process.cpuUsage(); const t = performance.now();
let n = 0; const fd = openSync(file, 'r');
if (mode === 'json') {
  const b = Buffer.alloc(1 << 20); let rest = '';
  for (;;) { const k = readSync(fd, b, 0, b.length, null); if (!k) break; const s = rest + b.toString('latin1', 0, k); let a = 0; for (let e = s.indexOf('\n'); e >= 0; e = s.indexOf('\n', a)) { if (JSON.parse(s.slice(a, e)) !== null) n++; a = e + 1; } rest = s.slice(a); }
} else {
  const sc = new Scanner(); const judges = createJudges(); let p = 0;
  const rb = mode === 'scan' ? undefined : new Rebuilder({ header() {}, problem(x) { p++; if (p < 5) console.log(x); }, crossing: mode === 'rebuild' ? (c) => { n += c.seq > 0 ? 1 : 0; } : (c) => { n++; judges.see(c); } });
  for (;;) { const b = sc.space(); const k = readSync(fd, b, 0, PIECE, null); if (!k) break; sc.scan(k); if (rb) rb.take(sc.records.numbers, sc.records.length); else n += sc.records.length; sc.records.length = 0; }
  sc.end(); judges.finish(); console.log('violations', judges.violations.length, 'shapes', (sc as any).shapes.all.length);
}
const u = process.cpuUsage(cpu);
console.log(mode, file, n, 'wall', ((performance.now() - t)).toFixed(0), 'cpu', ((u.user + u.system) / 1e3).toFixed(0), 'rss', (process.resourceUsage().maxRSS / 1024).toFixed(0));
