package dev.gatehouse.authz.audit;

import java.util.List;

/**
 * The audit trail.
 *
 * @param node the name of this server in its events; null for the name and port of its host
 */
public record AuditOptions(String node, TrailOptions store, FileOptions file, OtlpOptions otlp) {

    /**
     * The trail in the database.
     *
     * @param omittedEvents names of events that are not stored
     * @param retentionDays days after which events are deleted
     */
    public record TrailOptions(boolean enabled, List<String> omittedEvents, int retentionDays) {

        public TrailOptions {
            omittedEvents = List.copyOf(omittedEvents);
        }
    }

    /**
     * The export to a file, one line of JSON for each event.
     *
     * @param path null for no export
     * @param maximumBytes the size at which the file is renamed and a new one begins
     * @param keptFiles the number of renamed files that are kept
     */
    public record FileOptions(String path, long maximumBytes, int keptFiles) {
    }

    /** The export as log records of OpenTelemetry. */
    public record OtlpOptions(boolean enabled) {
    }
}
