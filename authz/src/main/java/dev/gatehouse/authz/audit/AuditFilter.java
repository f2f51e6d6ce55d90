package dev.gatehouse.authz.audit;

import java.util.List;

/** Selects audit events. A component that is null selects all. @param since epoch milliseconds, inclusive @param until epoch milliseconds, exclusive @param about a user or a client, as the actor, the client or a detail */
public record AuditFilter(String event, String actor, String clientId, String resource, String source, String requestId, String traceId,
                          Long since, Long until, String about) {

    /** Selects all events. */
    public static final AuditFilter ALL = new AuditFilter(null, null, null, null, null, null, null, null, null, null);

    /** The condition in SQL. @param parameters gets its parameters */
    String where(List<Object> parameters) {
        StringBuilder where = new StringBuilder("1 = 1");
        condition(where, parameters, "event =", event);
        condition(where, parameters, "actor =", actor);
        condition(where, parameters, "client_id =", clientId);
        condition(where, parameters, "resource =", resource);
        condition(where, parameters, "source =", source);
        condition(where, parameters, "request_id =", requestId);
        condition(where, parameters, "trace_id =", traceId);
        condition(where, parameters, "at >=", since);
        condition(where, parameters, "at <", until);
        if (about != null) {
            parameters.add(about);
            int name = parameters.size();
            parameters.add("%\"" + about.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "\"%");
            where.append(" AND (actor = $").append(name).append(" OR client_id = $").append(name).append(" OR details LIKE $").append(parameters.size()).append(" ESCAPE '\\')");
        }
        return where.toString();
    }

    private static void condition(StringBuilder where, List<Object> parameters, String comparison, Object value) {
        if (value != null) {
            parameters.add(value);
            where.append(" AND ").append(comparison).append(" $").append(parameters.size());
        }
    }
}
