package dev.gatehouse.shared.audit;

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
