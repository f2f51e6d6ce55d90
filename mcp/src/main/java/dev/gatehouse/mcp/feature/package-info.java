/**
 * The MCP server without its wires and eras: the features that it offers ({@link dev.gatehouse.mcp.feature.FeatureRegistry}), the methods
 * that clients call ({@link dev.gatehouse.mcp.feature.Operations}) and the changes that it publishes
 * ({@link dev.gatehouse.mcp.feature.Changes}).
 *
 * <p>The revisions until 2025-11-25 have sessions, which begin with {@code initialize}: {@code dev.gatehouse.mcp.stateful}. Requests of
 * revision 2026-07-28 stand alone: {@code dev.gatehouse.mcp.stateless}. Both call the operations, and differ in envelope and channel only.
 */
package dev.gatehouse.mcp.feature;
