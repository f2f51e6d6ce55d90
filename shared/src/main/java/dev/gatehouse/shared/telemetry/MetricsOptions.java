package dev.gatehouse.shared.telemetry;

/**
 * The listener of the metrics, which has a port of its own.
 *
 * @param port 0 for any free port; null to serve none
 * @param host the address to listen on
 */
public record MetricsOptions(Integer port, String host) {
}
