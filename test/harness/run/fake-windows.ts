/** The real agent on a fake Windows machine in this process: all of `lwf run --target` but for ssh and the programs of Windows. */
import { PassThrough } from 'node:stream';
import { agentAdapter, undoOn } from '../../../adapters/harness/agent';
import { serveMachine } from '../../../adapters/harness/agent/program';
import type { OpenChannel } from '../../../adapters/stdio';
import { kitVersion } from '../../../src/conformance/kit-root';
import { portsOn } from '../fake/ports';
import { ADDRESS } from '../fake/shell';
import { COMPONENT, SERVICE, UNDER_TEST } from '../fake/network';
import type { FakeWindows } from '../fake/windows';

/** The target file of that machine. */
export function fakeLab(probe: boolean): string {
  return `target: target/1
name: fake
ssh: { host: fake.example }
agent: { folder: /opt/lwf, node: /usr/bin/node }
adapter: { name: ${UNDER_TEST}, kind: fnmp }
driver: { component: ${COMPONENT}, service: ${SERVICE}, profile: mine.yaml, probe: ${probe} }
originate: { program: /send, arguments: ['{frame}'] }
limits: { sleep: 20 }
`;
}

/** @param folder of the agent @param heard told of each line to the agent, before it reads it @returns the way to the machine; one that is down is started by whoever asks for it */
export function wayTo(
  windows: FakeWindows,
  folder: string,
  heard: (line: string) => void = () => undefined,
): OpenChannel {
  let pid = 100;
  return (listener) => {
    if (windows.isDown) windows.reboot();
    pid += 1;
    const agent = pid;
    const ports = portsOn(windows, undefined, agent);
    const { originate } = ports;
    if (!originate) throw new Error('no command');
    const [input, output] = [new PassThrough(), new PassThrough()];
    let isAlive = true;
    const gone = (how: string): void => {
      if (!isAlive) return;
      isAlive = false;
      stop();
      setImmediate(() => listener.closed(how));
    };
    const stop = windows.listen({
      etw: () => undefined,
      watchdog: () => undefined,
      lost: () => undefined,
      down: () => gone('ended with exit code 255'),
    });
    void serveMachine({
      ports,
      originate: () => originate,
      adapter: agentAdapter,
      undo: undoOn(ports),
      ...{ folder, drivers: folder, version: kitVersion, address: ADDRESS, input, output, pid: agent },
    }).then((code) => gone(`ended with exit code ${code}`));
    output.on('data', (chunk: Buffer) => {
      if (isAlive) listener.bytes(chunk);
    });
    return {
      write: (bytes) => {
        heard(bytes.toString());
        if (isAlive) input.write(bytes);
      },
      end: () => void input.end(),
      kill: () => void input.end(),
    };
  };
}
