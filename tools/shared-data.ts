import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'vitest';

/** Real Binance recordings live beside the checkout; they are never committed, so a machine may lack them. */
const folder = fileURLToPath(new URL('../../shared/data/', import.meta.url));

/** The path of a file in the folder of real data, for example `sharedData('klines/1d/ETHUSDT-1d.csv.gz')`. */
export const sharedData = (path: string): string => folder + path;

/** A test that needs real data: skipped, and shown by name as skipped, where the folder is absent. */
export const testWithSharedData = test.skipIf(!existsSync(folder));
