// The one error type. Its members are those of the core's error record; it never holds a value or a secret.

export class KysoError extends Error {
  constructor(record) {
    const { message, ...members } = record;
    super(message);
    Object.assign(this, members);
  }

  /** The whole record: `message` of an Error is not enumerable, so JSON.stringify would leave it out. */
  toJSON() {
    const { code, operation, field, stage, ...more } = this;
    return { code, operation, field, stage, message: this.message, ...more };
  }
}
// On the prototype, as in the built-in errors: an own member would look like one of the record.
Object.defineProperty(KysoError.prototype, "name", { value: "KysoError", writable: true, configurable: true });

/** An error that is found on this side of the border; `english` and `vietnamese` name the rule. */
export function refusal(code, { operation, stage }, field, english, vietnamese) {
  const where = field === undefined ? operation : `${operation}: ${field}`;
  const record = { code, operation, field, stage, message: `${where}: ${english}`, message_vi: `${where}: ${vietnamese}` };
  if (field === undefined) delete record.field;
  return new KysoError(record);
}
