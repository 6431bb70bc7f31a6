/** The system stopped. Thrown by the kernel and by the model of NDIS where a real machine would show a blue screen. */
export class Bugcheck extends Error {
  /**
   * @param code bugcheck code as written on the screen, e.g. `0x3B`
   * @param bugcheckName e.g. `SYSTEM_SERVICE_EXCEPTION`
   * @param reason one sentence: what the driver did
   * @param parameters up to four bugcheck parameters, as strings
   */
  constructor(
    readonly code: string,
    readonly bugcheckName: string,
    readonly reason: string,
    readonly parameters: readonly string[] = [],
  ) {
    super(`${bugcheckName} (${code}): ${reason}`);
    this.name = 'Bugcheck';
  }
}

/** The kit itself failed (a broken invariant of the model). Never a verdict on the driver: it becomes *error*. */
export class KitError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'KitError';
  }
}
