import { COMPONENT } from './network';
import type { FakeWindows } from './windows';

/** Starts a machine that is down. One that stops at each start is started in safe mode, where somebody unbinds the driver. */
export function startAgain(windows: FakeWindows): void {
  windows.reboot();
  if (!windows.isDown) return;
  for (const { bindings } of windows.network.adapters.values()) bindings.set(COMPONENT, false);
  windows.reboot();
}
