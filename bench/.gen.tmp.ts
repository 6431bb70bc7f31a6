import { createWriteStream, openSync, writeSync, closeSync } from 'node:fs';
// usage: gen file count lean|full modules
const [file, count, kind, mods] = process.argv.slice(2) as [string,string,string,string];
const M = Number(mods); const N = Number(count);
const fd = openSync(file, 'w'); let buf: string[] = []; let size = 0; let seq = 0;
const full = kind === 'full';
function out(s: string) { buf.push(s); size += s.length + 1; if (size > 1 << 20) flush(); }
function flush() { if (buf.length) writeSync(fd, buf.join('\n') + '\n'); buf = []; size = 0; }
function add(dir: string, ddi: string, module: string|undefined, thread: string, irql: number, o: {status?: string, args?: object, nbls?: object[]}) {
  seq++;
  if (full) out(JSON.stringify({ seq, dir, ddi, module, adapter: module && 'A'+module, thread, cpu: seq & 3, irql, locks: [], time: seq/1000, status: o.status, args: o.args, nbls: o.nbls }));
  else out(JSON.stringify({ seq, dir, ddi, module, thread, status: o.status, args: o.args && Object.keys(o.args).length? o.args: undefined, nbls: o.nbls?.map((n: any)=>({nbl: n.nbl})) }));
}
out(JSON.stringify({schema:'trace/1',driver:'bench'}));
function* life(m: number): Generator<void> {
  const module = `m${m}`, handle = `h${m}`; const T = (t: string) => `${t}${m % 8}`; let n = 0;
  const F = full;
  add('->','FilterAttach',module,'t1',0,{args:{handle}}); add('=>','NdisFSetAttributes',module,'t1',0,{args:{handle,context:`c${m}`}});
  add('<=','NdisFSetAttributes',module,'t1',0,{status:'NDIS_STATUS_SUCCESS'}); add('<-','FilterAttach',module,'t1',0,{status:'NDIS_STATUS_SUCCESS'});
  for (;;) {
    add('->','FilterRestart',module,'t1',0,{}); add('<-','FilterRestart',module,'t1',0,{status:'NDIS_STATUS_SUCCESS'}); yield;
    for (let r = 0; r < 100; r++) { n++;
      const mk = (id: string, source: string) => [{ nbl: id, source, nbs: [{ nb: `${id}b`, dataOffset: 0, dataLength: 60, mdls: 'd' }] }];
      const o = mk(`o${m}_${n%512}`, handle), f = mk(`f${m}_${n%512}`,'p1'), rr = mk(`r${m}_${n%512}`,'mp');
      const a = (x: object) => F ? x : undefined as any;
      add('->','IRP_MJ_WRITE',undefined,T('t2'),0,{args:a({irp:'i1',file:'a1'})});
      add('=>','NdisFSendNetBufferLists',module,T('t2'),0,{nbls:o,args:a({handle,flags:0})});
      add('<=','NdisFSendNetBufferLists',module,T('t2'),0,{}); add('<-','IRP_MJ_WRITE',undefined,T('t2'),0,{status:'STATUS_SUCCESS'});
      add('->','FilterSendNetBufferListsComplete',module,T('t3'),2,{nbls:o,args:a({flags:1})}); add('<-','FilterSendNetBufferListsComplete',module,T('t3'),2,{}); yield;
      add('->','FilterSendNetBufferLists',module,T('t4'),2,{nbls:f,args:a({flags:0})}); add('=>','NdisFSendNetBufferLists',module,T('t4'),2,{nbls:f,args:a({handle,flags:0})});
      add('<=','NdisFSendNetBufferLists',module,T('t4'),2,{}); add('<-','FilterSendNetBufferLists',module,T('t4'),2,{}); yield;
      add('->','FilterSendNetBufferListsComplete',module,T('t3'),2,{nbls:f,args:a({flags:1})}); add('=>','NdisFSendNetBufferListsComplete',module,T('t3'),2,{nbls:f,args:a({handle,flags:1})});
      add('<=','NdisFSendNetBufferListsComplete',module,T('t3'),2,{}); add('<-','FilterSendNetBufferListsComplete',module,T('t3'),2,{}); yield;
      add('->','FilterReceiveNetBufferLists',module,T('t5'),2,{nbls:rr,args:a({count:1,flags:1})}); add('=>','NdisFIndicateReceiveNetBufferLists',module,T('t5'),2,{nbls:rr,args:a({handle,count:1,flags:1})});
      add('<=','NdisFIndicateReceiveNetBufferLists',module,T('t5'),2,{}); add('<-','FilterReceiveNetBufferLists',module,T('t5'),2,{}); yield;
      add('->','FilterReturnNetBufferLists',module,T('t6'),0,{nbls:rr,args:a({flags:0})}); add('=>','NdisFReturnNetBufferLists',module,T('t6'),0,{nbls:rr,args:a({handle,flags:0})});
      add('<=','NdisFReturnNetBufferLists',module,T('t6'),0,{}); add('<-','FilterReturnNetBufferLists',module,T('t6'),0,{}); yield;
    }
    add('->','FilterPause',module,'t1',0,{}); add('<-','FilterPause',module,'t1',0,{status:'NDIS_STATUS_SUCCESS'}); yield;
  }
}
const lives = Array.from({length: M}, (_, m) => life(m + 1));
while (seq < N) for (const l of lives) l.next();
flush(); closeSync(fd); console.log(seq);
