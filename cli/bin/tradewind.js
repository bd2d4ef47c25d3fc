#!/usr/bin/env node
// Plain JavaScript, because it must run on any Node: an older one than Tradewind needs hands over to the one that
// `npm ci` has installed beside it.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const NODE_MAJOR = 24;
const isRecent = Number.parseInt(process.versions.node, 10) >= NODE_MAJOR;

if (isRecent) {
  const { enableCompileCache } = await import('node:module');
  enableCompileCache();
  await import('../main.ts');
} else {
  runWithPinnedNode();
}

function runWithPinnedNode() {
  const arguments_ = [...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  const child = spawn(pinnedNode(), arguments_, { stdio: 'inherit' });
  child.on('error', (error) => {
    process.stderr.write(
      `error: the Node that Tradewind runs on cannot be started (${error.message}); run npm ci\n`,
    );
    process.exitCode = 1;
  });
  // A terminal sends these to the whole group; the child decides what to do about them.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = signal === null ? code : 128 + constants.signals[signal];
  });
}

/** The binary of the `node` package, wherever npm has put it. */
function pinnedNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  return fileURLToPath(new URL(`bin/${name}`, import.meta.resolve('node/package.json')));
}
