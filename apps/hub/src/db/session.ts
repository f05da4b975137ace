/**
 * How values are written and rows shown in every session of ours, whatever the database, its roles or the server are set to: another style of dates
 * gives days that are read as other ones, another one of bytes makes the secret key look like a wrong one.
 */
export const SESSION = {
  DateStyle: "ISO, MDY",
  IntervalStyle: "postgres",
  TimeZone: "UTC",
  bytea_output: "hex",
  array_nulls: "on",
  row_security: "on",
  standard_conforming_strings: "on",
} as const;
