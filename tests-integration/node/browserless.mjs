// Loaded before a client that opens a browser by itself, through the package `open`: the test is the browser instead, and no
// window appears on anybody's desktop. What would have been opened is told on stderr as "BROWSE <address>".
import { registerHooks } from 'node:module';

const opener = `import { EventEmitter } from 'node:events';
export default async address => {
  console.error('BROWSE ' + address);
  const child = new EventEmitter();
  setImmediate(() => child.emit('exit', 0));
  return child;
};`;
const url = `data:text/javascript,${encodeURIComponent(opener)}`;

registerHooks({ resolve: (specifier, context, next) => specifier === 'open' ? { url, shortCircuit: true } : next(specifier, context) });
