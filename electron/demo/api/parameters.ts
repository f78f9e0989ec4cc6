import { parameterError } from './errors.ts';

/** What a method says about one of its parameters: the part of the official schema that a client can run into. */
export interface ParameterRule {
  readonly type: 'string' | 'integer' | 'boolean' | 'number';
  readonly required?: boolean;
  readonly choices?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  /** A shape beyond the type, with the words PVE uses when it does not fit. */
  readonly format?: { readonly pattern: RegExp; readonly message: (value: string) => string };
}

/** The rules of one method, path parameters included. */
export type ParameterRules = Readonly<Record<string, ParameterRule>>;

/** Checked parameters of one call. */
export interface Parameters {
  /** The value as sent; throws when a handler asks for one that its rules do not require. */
  text(name: string): string;
  optionalText(name: string): string | undefined;
  integer(name: string): number;
  optionalInteger(name: string): number | undefined;
  /** 1, on, yes and true are true. */
  flag(name: string): boolean;
}

const undefinedProperty = 'property is not defined in schema and the schema does not allow additional properties';

/** Checks a call's parameters as PVE does, and refuses with one 400 that names every faulty one. */
export function checkParameters(given: ReadonlyMap<string, string>, rules: ParameterRules): Parameters {
  const errors: Record<string, string> = {};
  for (const [name, value] of given) {
    const rule = rules[name];
    const problem = rule ? problemOf(rule, value) : undefinedProperty;
    if (problem !== undefined) errors[name] = problem;
  }
  for (const [name, rule] of Object.entries(rules)) {
    if (rule.required && !given.has(name)) errors[name] = 'property is missing and it is not optional';
  }
  if (Object.keys(errors).length > 0) throw parameterError(errors);
  return readable(given);
}

function readable(given: ReadonlyMap<string, string>): Parameters {
  const text = (name: string): string => {
    const value = given.get(name);
    if (value === undefined) throw new Error(`The method has no required parameter ${name}`);
    return value;
  };
  return {
    text,
    optionalText: (name) => given.get(name),
    integer: (name) => Number(text(name)),
    optionalInteger: (name) => (given.has(name) ? Number(given.get(name)) : undefined),
    flag: (name) => /^(1|on|yes|true)$/i.test(given.get(name) ?? ''),
  };
}

function problemOf(rule: ParameterRule, value: string): string | undefined {
  return typeProblem(rule.type, value) ?? boundsProblem(rule, value) ?? shapeProblem(rule, value);
}

function typeProblem(type: ParameterRule['type'], value: string): string | undefined {
  const fits = {
    string: true,
    integer: /^[+-]?\d+$/.test(value),
    number: /^[+-]?\d+(\.\d+)?$/.test(value),
    boolean: /^(1|on|yes|true|0|off|no|false)$/i.test(value),
  }[type];
  return fits ? undefined : `type check ('${type}') failed - got '${value}'`;
}

function boundsProblem(rule: ParameterRule, value: string): string | undefined {
  const { minimum, maximum } = rule;
  if (minimum !== undefined && Number(value) < minimum) return `value must have a minimum value of ${minimum}`;
  if (maximum !== undefined && Number(value) > maximum) return `value must have a maximum value of ${maximum}`;
  return undefined;
}

function shapeProblem(rule: ParameterRule, value: string): string | undefined {
  if (rule.maxLength !== undefined && value.length > rule.maxLength) {
    return `value may only be ${rule.maxLength} characters long`;
  }
  if (rule.choices && !rule.choices.includes(value)) {
    return `value '${value}' does not have a value in the enumeration '${rule.choices.join(', ')}'`;
  }
  if (rule.format && !rule.format.pattern.test(value)) return `invalid format - ${rule.format.message(value)}\n`;
  return undefined;
}
