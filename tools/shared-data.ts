import { existsSync } from 'node:fs';
import { test } from 'vitest';
import { SHARED_DATA_FOLDER } from './shared-data-folder.ts';

export { sharedData } from './shared-data-folder.ts';

/** A test that needs real data: skipped, and shown by name as skipped, where the folder is absent. */
export const testWithSharedData = test.skipIf(!existsSync(SHARED_DATA_FOLDER));
