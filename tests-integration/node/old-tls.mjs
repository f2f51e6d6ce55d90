// A TLS server of the past: speaks TLS 1.0 and nothing newer.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';

const { port, pfx, passphrase } = JSON.parse(process.argv[2]);
const options = { pfx: readFileSync(pfx), passphrase, minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' };
createServer(options, (request, response) => response.end('hello')).listen(port, '127.0.0.1', () => console.log('listening'));
