/**
 * For tests of servers that are made with this library: a client in a few lines. It is part of the library itself, and not of a jar of
 * its own, because it needs nothing that the library does not need anyway.
 */
package dev.gatehouse.mcp.testing;
