/** Days as YYYY-MM-DD: texts of this form compare as their days do. */

/** Is it a day of the calendar? */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** The machine's own date. The only place of a run that reads the clock. */
export function today(): string {
  const now = new Date();
  const digits = (value: number, count: number): string => String(value).padStart(count, '0');
  return `${digits(now.getFullYear(), 4)}-${digits(now.getMonth() + 1, 2)}-${digits(now.getDate(), 2)}`;
}
