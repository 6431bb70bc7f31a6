import { RigRefusal } from '../../../adapters/contract';

/** @returns why a machine has refused something: `unsupported`, `environment` and so on; `done` when it has not */
export async function kindOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'done',
    (failure: unknown) => (failure instanceof RigRefusal ? failure.kind : String(failure)),
  );
}
