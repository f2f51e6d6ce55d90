/**
 * Calls that go on behind their answer: what has become of each, what it waits for, and whose it is (extension
 * {@code io.modelcontextprotocol/tasks}). It knows neither wire nor revision.
 */
package dev.gatehouse.mcp.task;
