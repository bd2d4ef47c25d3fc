import { readFile, rename, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { ok, type Result } from '@tradewind/core/result';
import { badInput, type Complaint } from './complaint.ts';

/**
 * Reads a JSON file that an option names, plain or gzipped.
 * @returns undefined for a file that may be missing and is
 */
export async function readJsonFile(
  option: string,
  file: string,
  presence: 'must be there' | 'may be missing',
): Promise<Result<unknown, Complaint>> {
  let text: string;
  try {
    const bytes = await readFile(file);
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    text = (isGzip ? await promisify(gunzip)(bytes) : bytes).toString('utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && presence === 'may be missing') return ok(undefined);
    return badInput(
      `${option} ${file}: ${code === 'ENOENT' ? 'there is no such file' : `it cannot be read: ${message}`}`,
    );
  }
  try {
    return ok(JSON.parse(text));
  } catch (error) {
    return badInput(`${option} ${file}: it is not JSON: ${(error as SyntaxError).message}`);
  }
}

/** Writes JSON beside its place first and then moves it there: the file is whole, or as it was. */
export async function writeWholeFile(
  option: string,
  file: string,
  value: unknown,
): Promise<Result<void, Complaint>> {
  const unfinished = `${file}.unfinished`;
  try {
    await writeFile(unfinished, JSON.stringify(value), { flush: true });
    await rename(unfinished, file);
    return ok(undefined);
  } catch (error) {
    return badInput(`${option} ${file}: it cannot be written: ${(error as Error).message}`);
  }
}
