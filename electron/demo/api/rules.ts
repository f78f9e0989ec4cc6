import type { ParameterRule, ParameterRules } from './parameters.ts';

/** An optional parameter of each type. */
export const anyText: ParameterRule = { type: 'string' };
export const anyFlag: ParameterRule = { type: 'boolean' };
export const anyInteger: ParameterRule = { type: 'integer' };
export const naturalNumber: ParameterRule = { type: 'integer', minimum: 0 };

/** One of a list, optional. */
export function oneOf(...choices: readonly string[]): ParameterRule {
  return { type: 'string', choices };
}

/** The same rule, required. */
export function required(rule: ParameterRule): ParameterRule {
  return { ...rule, required: true };
}

/** The path parameters of a method below a host. */
export const onNode: ParameterRules = { node: { type: 'string', required: true } };

/** The path parameters of a method below a guest. Bounds as in the schema: 100 to 999999999. */
export const onGuest: ParameterRules = {
  ...onNode,
  vmid: {
    type: 'integer',
    required: true,
    format: { pattern: /^[1-9]\d{2,8}$/, message: () => 'value does not look like a valid VM ID' },
  },
};
