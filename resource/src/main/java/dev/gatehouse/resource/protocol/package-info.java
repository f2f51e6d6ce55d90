/**
 * The MCP server without its wires, on the SDK: one {@link dev.gatehouse.resource.protocol.McpEngine} for all of them.
 *
 * <p>The revisions until 2025-11-25 have sessions that begin with {@code initialize}; those are kept in
 * {@code dev.gatehouse.resource.session}. A stateless revision needs none of that package: it opens a session of the engine for
 * one request, checks and prepares the request as the others do, and closes the session with the answer. Its place is a package
 * {@code modern} beside this one, and its entrance the look at {@code MCP-Protocol-Version} in
 * {@code dev.gatehouse.resource.transport}.
 */
package dev.gatehouse.resource.protocol;
