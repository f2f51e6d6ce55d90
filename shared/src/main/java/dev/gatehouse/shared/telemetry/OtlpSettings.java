package dev.gatehouse.shared.telemetry;

import dev.gatehouse.shared.config.StartupException;

import java.util.Map;

/**
 * Tells which signals are exported by OTLP, by the environment variables of the OpenTelemetry specification. Nothing is exported unless an
 * exporter or an endpoint is named.
 */
final class OtlpSettings {

    private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private final Map<String, String> environment;

    OtlpSettings(Map<String, String> environment) {
        this.environment = environment;
    }

    boolean exportsTraces() {
        return exports("TRACES");
    }

    boolean exportsMetrics() {
        return exports("METRICS");
    }

    private boolean exports(String signal) {
        if (value("OTEL_SDK_DISABLED").equalsIgnoreCase("true")) {
            return false;
        }
        String exporter = value("OTEL_" + signal + "_EXPORTER");
        return switch (exporter) {
            case "otlp" -> true;
            case "none" -> false;
            case "" -> !value(ENDPOINT).isEmpty() || !value("OTEL_EXPORTER_OTLP_" + signal + "_ENDPOINT").isEmpty();
            default -> throw new StartupException("OTEL_" + signal + "_EXPORTER is " + exporter + "; choose otlp or none.");
        };
    }

    String value(String name) {
        return environment.getOrDefault(name, "").strip();
    }
}
