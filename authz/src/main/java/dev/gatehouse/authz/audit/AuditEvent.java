package dev.gatehouse.authz.audit;

import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * A security event.
 *
 * @param id unique, so that an event is stored once even if the answer to its commit is lost
 * @param at epoch milliseconds
 * @param node the server that recorded it
 * @param actor the subject identifier of the user, the claimed name of a failed login, or the operator of the command line
 * @param source the address of the client, or {@code command line}
 * @param details the other fields as JSON
 */
public record AuditEvent(String id, long at, String node, String event, String actor, String clientId, String resource, String source, String reason,
                         String requestId, String traceId, String details) {

    /** The events of the trail about the trail itself. */
    static final String PRUNED = "audit_pruned";
    static final String HEAD_MISMATCH = "audit_head_mismatch";

    /** The database does not accept an event, not even alone. */
    static final String REJECTED = "audit_event_rejected";

    private static final int LONGEST = 2_000;
    private static final int ID_BYTES = 12;

    /** An event of the audit log. @param record made by {@link dev.gatehouse.shared.audit.AuditLog#describe} */
    public static AuditEvent of(JsonObject record, long at, String node) {
        return of(newId(), record, at, node);
    }

    static String newId() {
        return SecretToken.encode(SecretToken.randomBytes(ID_BYTES));
    }

    static AuditEvent of(String id, JsonObject record, long at, String node) {
        JsonObject rest = record.copy();
        rest.remove("at");
        String event = take(rest, "event");
        String operator = take(rest, "operator");
        String sub = operator == null ? take(rest, "sub") : null;
        String actor = operator != null ? operator : sub != null ? sub : take(rest, "account");
        String resource = take(rest, "resource");
        return new AuditEvent(id, at, node, event, actor, take(rest, "client_id"), resource == null ? take(rest, "audience") : resource,
            take(rest, "source"), take(rest, "reason"), take(rest, "request_id"), take(rest, "trace_id"), storable(rest.encode()));
    }

    private static String take(JsonObject record, String name) {
        Object value = record.remove(name);
        return value == null ? null : storable(bounded(value.toString()));
    }

    private static String bounded(String text) {
        return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    }

    /** A text that both engines return as it was stored: no U+0000, no lone surrogate. */
    private static String storable(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8).replace('\0', '\uFFFD');
    }

    /** The content that the hash protects. */
    String canonical() {
        return new JsonArray().add(id).add(at).add(node).add(event).add(actor).add(clientId).add(resource).add(source).add(reason).add(requestId).add(traceId)
            .add(details).encode();
    }

    /** The fields in the order of the documentation, without those that are null. */
    JsonObject json() {
        JsonObject json = new JsonObject().put("id", id).put("at", Instant.ofEpochMilli(at).toString()).put("node", node).put("event", event);
        putPresent(json, "actor", actor);
        putPresent(json, "client_id", clientId);
        putPresent(json, "resource", resource);
        putPresent(json, "source", source);
        putPresent(json, "reason", reason);
        putPresent(json, "request_id", requestId);
        putPresent(json, "trace_id", traceId);
        return json.put("details", new JsonObject(details));
    }

    private static void putPresent(JsonObject json, String name, String value) {
        if (value != null) {
            json.put(name, value);
        }
    }
}
