package dev.gatehouse.shared.audit;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The source of security events. Each becomes one line of JSON in the audit log, and goes to the sinks of the Vert.x instance that
 * records it. JSON escapes line breaks, so input cannot forge a line (OWASP ASVS 5.0 §16.4.1). Callers pass identifiers, never
 * credentials.
 */
public final class AuditLog {

    private static final Logger LOG = LoggerFactory.getLogger("audit");

    private static final Map<Vertx, List<Consumer<JsonObject>>> SINKS = new ConcurrentHashMap<>();

    private AuditLog() {
    }

    /**
     * Adds a sink for the events that are recorded on contexts of a Vert.x instance.
     *
     * @param vertx the Vert.x instance
     * @param sink gets each record; called on any thread, must not block and must not change the record
     * @return removes the sink
     */
    public static Runnable addSink(Vertx vertx, Consumer<JsonObject> sink) {
        SINKS.computeIfAbsent(vertx, first -> new CopyOnWriteArrayList<>()).add(sink);
        return () -> SINKS.computeIfPresent(vertx, (of, sinks) -> sinks.remove(sink) && sinks.isEmpty() ? null : sinks);
    }

    /**
     * Writes an event to the log and to the sinks.
     *
     * @param event a name as {@code refresh_token_reused}
     * @param details field names and values in turn; a null value is left out
     */
    public static void record(String event, Object... details) {
        JsonObject record = describe(event, details);
        String trace = CurrentTrace.id();
        if (trace != null) {
            record.put("trace_id", trace);
        }
        write(record);
        Context current = Vertx.currentContext();
        if (current != null) {
            SINKS.getOrDefault(current.owner(), List.of()).forEach(sink -> sink.accept(record));
        }
    }

    /**
     * {@return the record of an event, for another process to write}
     *
     * @param event the name of the event
     * @param details names and values by turns, as for {@link #record}
     * @see #record
     */
    public static JsonObject describe(String event, Object... details) {
        JsonObject line = new JsonObject().put("event", event);
        for (int i = 0; i + 1 < details.length; i += 2) {
            if (details[i + 1] != null) {
                line.put((String) details[i], details[i + 1].toString());
            }
        }
        return line;
    }

    /**
     * Writes a record made by {@link #describe} to the log alone.
     *
     * @param record the record of an event
     */
    public static void write(JsonObject record) {
        LOG.info("{}", record);
    }

    /**
     * The origin of a request, for the audit log.
     *
     * @param requestId the value of the response's {@code X-Request-Id}
     * @param source the client's numeric address
     */
    public record RequestOrigin(String requestId, String source) {

        /**
         * Writes an event of this request.
         *
         * @param event the name of the event
         * @param details names and values by turns
         * @see AuditLog#record
         */
        public void record(String event, Object... details) {
            Object[] all = new Object[details.length + 4];
            all[0] = "request_id";
            all[1] = requestId;
            all[2] = "source";
            all[3] = source;
            System.arraycopy(details, 0, all, 4, details.length);
            AuditLog.record(event, all);
        }
    }
}
