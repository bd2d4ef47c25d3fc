import { fileURLToPath } from 'node:url';

/** Real Binance recordings live beside the checkout; they are never committed, so a machine may lack them. */
export const SHARED_DATA_FOLDER = fileURLToPath(new URL('../../shared/data/', import.meta.url));

/** The path of a file in the folder of real data, for example `sharedData('klines/1d/ETHUSDT-1d.csv.gz')`. */
export const sharedData = (path: string): string => SHARED_DATA_FOLDER + path;
