// One Chromium for many tests: takes the path of the program, prints a line "ENDPOINT <url>", and lives until standard input ends.
import { chromium } from 'playwright-core';

// As root, which containers are, Chromium has no sandbox of its own.
const server = await chromium.launchServer({ executablePath: process.argv[2], args: ['--no-sandbox', '--disable-dev-shm-usage'] });
console.log(`ENDPOINT ${server.wsEndpoint()}`);
process.stdin.resume().on('end', () => server.close());
