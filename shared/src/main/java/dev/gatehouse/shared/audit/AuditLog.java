package dev.gatehouse.shared.audit;

import io.vertx.core.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes security events to the audit log, one line of JSON each. JSON escapes line breaks, so input cannot forge a line
 * (OWASP ASVS 5.0 §16.4.1). Callers pass identifiers, never credentials.
 */
public final class AuditLog {

    private static final Logger LOG = LoggerFactory.getLogger("audit");

    private AuditLog() {
    }

    /**
     * Writes an event.
     *
     * @param event a name as {@code refresh_token_reused}
     * @param details field names and values in turn; a null value is left out
     */
    public static void record(String event, Object... details) {
        write(describe(event, details));
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
     * Writes a record made by {@link #describe}.
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
