/** Rules in CEL that decide which caller may call which tool. They know no tool by name, so every MCP server can use them. */
package dev.gatehouse.policy;
