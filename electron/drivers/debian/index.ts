export { createDebianDriver, debianDriver, type DebianDriverOptions } from './driver.ts';
