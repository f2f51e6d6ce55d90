// The redirect URI of a client under test: listens there for the answers that a browser brings.
import { createServer } from 'node:http';

const listeners = new Map();

/** Listens, once however often it is asked; the returned function waits for the next answer and gives its address. */
export async function listen(redirectUri) {
  if (!listeners.has(redirectUri)) listeners.set(redirectUri, await start(redirectUri));
  return listeners.get(redirectUri);
}

async function start(redirectUri) {
  const target = new URL(redirectUri);
  const arrived = [];
  const waiting = [];
  const server = createServer((request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/plain' }).end('You may close this page.');
    const url = new URL(request.url, target);
    if (!url.searchParams.has('code') && !url.searchParams.has('error')) return;
    const next = waiting.shift();
    if (next) next(url); else arrived.push(url);
  });
  await new Promise((resolve, reject) => server.on('error', reject).listen(Number(target.port), target.hostname, resolve));
  return () => arrived.length ? Promise.resolve(arrived.shift()) : new Promise(resolve => waiting.push(resolve));
}

/** Has a person open an address, and waits for the answer. */
export async function browse(next, url) {
  console.log(`AUTHORIZE ${url}`);
  return next();
}

/** Runs a program that the Java side waits for: prints what it returns, or why it failed. */
export async function run(program) {
  try {
    console.log(`RESULT ${JSON.stringify(await program())}`);
    process.exit(0);
  } catch (error) {
    console.log(`FAILED ${error.constructor.name} ${JSON.stringify({ ...error })} ${error.stack}`);
    for (let cause = error.cause; cause; cause = cause.cause) console.log(`CAUSE ${cause.stack ?? JSON.stringify(cause)}`);
    process.exit(1);
  }
}

/** The error that a call ends with, as the wire names it; fails when it does not end with one. */
export async function refusal(call) {
  let answer;
  try {
    answer = await call();
  } catch (error) {
    return error.error ?? error.cause?.error ?? (await told(error.response)) ?? error.code ?? error.message;
  }
  throw new Error(`was not refused: ${JSON.stringify(answer)}`);
}

/** What a body says which the libraries leave unread, because a challenge came with it. */
async function told(response) {
  return response && !response.bodyUsed ? (await response.json().catch(() => ({}))).error : undefined;
}
