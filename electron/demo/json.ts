/** What an answer may be made of. `undefined` members are left out, as JSON.stringify does. */
export type Json = string | number | boolean | null | undefined | readonly Json[] | JsonObject;

/** An object of an answer. */
export interface JsonObject {
  readonly [key: string]: Json;
}
