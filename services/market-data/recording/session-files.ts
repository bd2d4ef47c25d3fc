import { createReadStream, type WriteStream } from 'node:fs';
import { access, mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { constants, createGunzip, createGzip, type Gzip } from 'node:zlib';
import { err, ok, type Result } from '@tradewind/core/result';
import { RecordedSession } from './recorded-session.ts';
import { readManifest } from './session-manifest.ts';
import type { SessionSink } from './session-recorder.ts';

const MANIFEST = 'session.json';
const PLAIN = 'updates.jsonl';
const ZIPPED = 'updates.jsonl.gz';

/** One folder for one session: its manifest and its lines. */
export class SessionFolder implements SessionSink {
  private readonly folder: string;
  private readonly file: WriteStream;
  private readonly zip: Gzip | undefined;
  private failure: Error | undefined;

  /** Makes the folder. Rejects when it is there already, or cannot be made. */
  static async create(folder: string, isZipped: boolean): Promise<SessionFolder> {
    await mkdir(folder, { recursive: true });
    const handle = await open(join(folder, isZipped ? ZIPPED : PLAIN), 'wx');
    return new SessionFolder(folder, handle.createWriteStream(), isZipped);
  }

  private constructor(folder: string, file: WriteStream, isZipped: boolean) {
    this.folder = folder;
    this.file = file;
    // Whatever was appended can be read after a crash, too.
    this.zip = isZipped ? createGzip({ level: 3, flush: constants.Z_SYNC_FLUSH }) : undefined;
    this.zip?.pipe(file);
    const fail = (error: Error): void => {
      this.failure = error;
    };
    file.on('error', fail);
    this.zip?.on('error', fail);
  }

  append(text: string): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      (this.zip ?? this.file).write(text, (error) => (error == null ? resolve() : reject(error)));
    });
  }

  async writeManifest(text: string): Promise<void> {
    const path = join(this.folder, MANIFEST);
    await writeFile(`${path}.new`, text);
    await rename(`${path}.new`, path);
  }

  async close(): Promise<void> {
    if (this.failure !== undefined) return;
    await new Promise<void>((resolve) => {
      this.file.once('close', resolve);
      (this.zip ?? this.file).end();
    });
  }
}

/** @returns one sentence that says what is wrong with the folder */
export async function openSession(folder: string): Promise<Result<RecordedSession, string>> {
  let text: string;
  try {
    text = await readFile(join(folder, MANIFEST), 'utf8');
  } catch {
    return err(`${folder}: holds no session (there is no ${MANIFEST} in it)`);
  }
  const manifest = readManifest(text);
  if (!manifest.ok) return err(`${folder}: ${manifest.error}`);
  const isZipped = await isThere(join(folder, ZIPPED));
  return ok(
    new RecordedSession(manifest.value, () => linesOf(join(folder, isZipped ? ZIPPED : PLAIN), isZipped)),
  );
}

/** Writes the bars of a session as kline files. @returns their paths */
export async function writeKlineFiles(session: RecordedSession, folder: string): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  const paths: string[] = [];
  for (const { name, text } of await session.klineFiles()) {
    const path = join(folder, name);
    await writeFile(path, text);
    paths.push(path);
  }
  return paths;
}

/** Up to where they can be read: the last of a recording that was killed are cut off somewhere. */
async function* linesOf(path: string, isZipped: boolean): AsyncGenerator<string> {
  const file = createReadStream(path);
  const unzipped: Readable = isZipped
    ? file.pipe(createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }))
    : file;
  file.on('error', (error) => unzipped.destroy(error));
  try {
    yield* createInterface({ input: unzipped, crlfDelay: Number.POSITIVE_INFINITY });
  } catch {
    return;
  } finally {
    file.destroy();
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
