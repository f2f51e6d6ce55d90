// Started by the conformance suite with a server's URL: hands the scenario to the test's own process, which runs the product's client in it.
const [relay, url] = process.argv.slice(2);
const { MCP_CONFORMANCE_SCENARIO: scenario, MCP_CONFORMANCE_PROTOCOL_VERSION: version, MCP_CONFORMANCE_CONTEXT: context } = process.env;
const answer = await fetch(relay, { method: 'POST', body: JSON.stringify({ url, scenario, version, context: JSON.parse(context ?? '{}') }) });
console.error(await answer.text());
process.exit(answer.status === 200 ? 0 : 1);
