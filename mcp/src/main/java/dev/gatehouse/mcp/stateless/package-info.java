/**
 * The stateless era of MCP, revision 2026-07-28, on any wire: each request brings its version, its capabilities and all other data that it
 * needs. {@link dev.gatehouse.mcp.stateless.StatelessServer} is the entry point.
 */
package dev.gatehouse.mcp.stateless;
