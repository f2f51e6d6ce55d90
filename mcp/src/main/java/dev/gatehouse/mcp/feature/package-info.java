/**
 * The MCP server without its wires and eras: what is offered ({@link dev.gatehouse.mcp.feature.FeatureRegistry}), what is done for a
 * client ({@link dev.gatehouse.mcp.feature.Operations}) and what has changed ({@link dev.gatehouse.mcp.feature.Changes}).
 *
 * <p>The revisions until 2025-11-25 have sessions that begin with {@code initialize}; those are the SDK's, with our operations as their
 * handlers, and are kept in {@code dev.gatehouse.resource.session}. The stateless revision 2026-07-28 is
 * {@code dev.gatehouse.resource.modern}, which calls the operations itself and can be taken out whole.
 */
package dev.gatehouse.mcp.feature;
