package dev.gatehouse.shared.http;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One line at DEBUG for each request, for authors of clients: method, path, status, and the facts that handlers added. It never
 * contains queries, headers or bodies, which hold credentials.
 */
public final class RequestLog {

    private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);
    private static final String FACTS = RequestLog.class.getName();
    private static final int LONGEST = 300;
    /** Enough to distinguish sessions, and too little to use one. */
    private static final int SHOWN_OF_ID = 8;

    private RequestLog() {
    }

    /**
     * Begins the line of a request.
     *
     * @param context the context of the request
     */
    static void begin(RoutingContext context) {
        RequestId.remember(context);
        if (LOG.isDebugEnabled()) {
            long begun = System.nanoTime();
            String id = RequestId.of(context);
            context.addEndHandler(end -> write(context, id, begun));
        }
    }

    /**
     * {@return the facts of this request}
     *
     * @param context the context of the request
     */
    public static Map<String, String> facts(RoutingContext context) {
        Map<String, String> facts = context.get(FACTS);
        return facts == null ? Map.of() : facts;
    }

    private static void write(RoutingContext context, String id, long begun) {
        Map<String, String> facts = new LinkedHashMap<>(facts(context));
        HttpServerResponse response = context.response();
        String outcome = response.headWritten() ? Integer.toString(response.getStatusCode()) : "left";
        if (response.headWritten() && response.getStatusCode() >= 400) {
            facts.putIfAbsent("reason", response.getStatusMessage());
        }
        StringBuilder line = new StringBuilder();
        facts.forEach((name, value) -> line.append(", ").append(name).append(": ").append(value));
        LOG.debug("{} {} {} answered {} in {} ms{}", id, context.request().method(), shortened(context.request().path()), outcome,
            TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun), line);
    }

    /**
     * Adds the reason of a rejection.
     *
     * @param context the context of the request
     * @param why the reason, without credentials
     */
    public static void reason(RoutingContext context, String why) {
        fact(context, "reason", why);
    }

    /**
     * Adds a fact about a rejection. The first value of a name is kept.
     *
     * @param context the context of the request
     * @param name the name of the fact
     * @param value its value; may be null
     */
    public static void fact(RoutingContext context, String name, String value) {
        if (value != null) {
            Map<String, String> facts = context.get(FACTS);
            if (facts == null) {
                facts = new LinkedHashMap<>();
                context.put(FACTS, facts);
            }
            facts.putIfAbsent(name, shortened(value));
        }
    }

    /**
     * Adds a fact about any request, such as the protocol version, if the line is written at all.
     *
     * @param context the context of the request
     * @param name the name of the fact
     * @param value returns its value
     */
    public static void detail(RoutingContext context, String name, Supplier<String> value) {
        if (LOG.isDebugEnabled()) {
            fact(context, name, value.get());
        }
    }

    /**
     * Adds the beginning of an identifier that works like a credential.
     *
     * @param context the context of the request
     * @param name the name of the fact
     * @param id the identifier
     */
    public static void secretId(RoutingContext context, String name, String id) {
        if (id != null) {
            detail(context, name, () -> id.substring(0, Math.min(SHOWN_OF_ID, id.length() / 3)) + "…");
        }
    }

    private static String shortened(String text) {
        return text == null || text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
