import { ok, type Result } from '@tradewind/core/result';
import { badInput, type Complaint } from './complaint.ts';

/** Writes a text to standard output and waits until it is out. A reader that has seen enough (`| head`) is no failure. */
export function print(text: string): Promise<Result<void, Complaint>> {
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      const isClosed = error.code === 'EPIPE';
      resolve(isClosed ? ok(undefined) : badInput(`standard output cannot be written: ${error.message}`));
    };
    process.stdout.once('error', failed);
    process.stdout.write(text, (error) => {
      if (error != null) return;
      process.stdout.off('error', failed);
      resolve(ok(undefined));
    });
  });
}
