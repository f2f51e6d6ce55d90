package dev.gatehouse.shared.audit;

/**
 * Where a request came from, for the audit log.
 *
 * @param requestId as the answer's {@code X-Request-Id} tells it
 * @param source numeric address of the client
 */
public record RequestOrigin(String requestId, String source) {

    /** Writes an event of this request. @see AuditLog#record */
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
