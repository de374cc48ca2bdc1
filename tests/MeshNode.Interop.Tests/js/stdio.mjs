// How a far side in a Node.js process is driven: commands as JSON lines on stdin, events as JSON lines on stdout.
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';

export const write = (json) => process.stdout.write(`${json}\n`);
export const sha256 = (data) => createHash('sha256').update(data).digest('hex');

/** Says `version` is ready, then gives each line's object to `command`; calls `leave` when stdin ends. */
export function serve(version, command, leave) {
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => command(JSON.parse(line)));
  lines.on('close', () => {
    leave();
    process.exit(0);
  });
  write(JSON.stringify({ event: 'ready', version }));
}
