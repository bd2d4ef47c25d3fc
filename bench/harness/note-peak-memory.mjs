// Preloaded into every Node process of a command: adds a line with its peak resident memory (KiB) to a file when it ends.
// Plain JavaScript, because npx and the command may start on an older Node than the one they hand over to.
import { appendFileSync } from 'node:fs';

process.on('exit', () => {
  const { maxRSS } = process.resourceUsage();
  appendFileSync(process.env.TRADEWIND_PEAK_MEMORY_FILE, `${maxRSS}\n`);
});
