/** A message that depends on a number. Its parameter is always called `count`. */
export interface PluralForms {
  readonly one: string;
  readonly other: string;
}
export type Message = string | PluralForms;

/** A catalogue in another language: every key, plural where the original is plural. A missing key does not compile. */
export type Translation<Original extends { readonly [key: string]: Message }> = {
  readonly [Key in keyof Original]: Original[Key] extends string ? string : PluralForms;
};

/** The names in braces of a text: `'{name} on {node}'` has `name` and `node`. */
export type ParamNames<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | ParamNames<Rest> : never;

type PluralParams<M> = M extends { readonly one: infer One; readonly other: infer Other }
  ? ParamNames<One> | ParamNames<Other>
  : never;

/** What must be handed in with a message. Numbers are written in the user's format; texts go in as they are. */
export type ParamsOf<M> = M extends PluralForms
  ? { readonly count: number } & { readonly [Name in Exclude<PluralParams<M>, 'count'>]: string | number }
  : { readonly [Name in ParamNames<M>]: string | number };

/** No argument for a message without parameters, one object for a message with some. */
export type ParamArgs<M> = M extends PluralForms
  ? [params: ParamsOf<M>]
  : [ParamNames<M>] extends [never]
    ? []
    : [params: ParamsOf<M>];
