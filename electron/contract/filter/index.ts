export * from './ast.ts';
export * from './compile.ts';
export { filterFields, type FieldFacts, type FieldShape } from './fields.ts';
export { parseFilter } from './parse.ts';
export { printFilter } from './print.ts';
export { foldText } from './search-text.ts';
