/** A bridge for tools that were written for the MCP Java SDK: {@link dev.gatehouse.mcp.sdk.SdkTool}. The only room that knows Reactor. */
package dev.gatehouse.mcp.sdk;
