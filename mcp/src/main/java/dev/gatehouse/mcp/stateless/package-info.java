/**
 * The stateless era of MCP, revision 2026-07-28, whatever the wire: each request brings its version, capabilities and all else
 * that it needs. {@link dev.gatehouse.mcp.stateless.StatelessServer} is the entrance. Nothing outside this package knows more of
 * the era than that, so that it can be taken out whole when the SDK speaks the revision itself.
 */
package dev.gatehouse.mcp.stateless;
