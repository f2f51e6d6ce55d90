package dev.gatehouse.mcp.stateless;

/** Headers of a request, on wires that have them. */
@FunctionalInterface
public interface HeaderSource {

    /** @return the value, the values joined by {@code ", "} where there are several, or null */
    String header(String name);
}
