/** Why a rig could not do what it was asked for, where that says nothing about the driver. */
export const REFUSALS = {
  notSupported: 'the adapter cannot do it: the scenario is not observed',
  notApplicable: 'the driver under test has nothing that this is about: the scenario is not applicable',
  notObserved: 'it did not come about, or could not be seen: the scenario is not observed',
  environment: 'the machine or the adapter is not as it must be: an error',
  timeout: 'no answer in time: an error',
  lost: 'the adapter is gone: an error',
} as const;
export type RefusalKind = keyof typeof REFUSALS;

/** Thrown by a rig. Any other error of a rig is an error of the scenario as well. */
export class RigRefusal extends Error {
  constructor(
    readonly kind: RefusalKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'RigRefusal';
  }
}
