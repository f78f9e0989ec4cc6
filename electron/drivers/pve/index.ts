export { createPveDriver } from './driver.ts';
export type { PveLink } from './link.ts';
