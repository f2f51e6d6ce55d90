package dev.gatehouse.shared.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;

/**
 * The bodies of a request and its answer, for a handler in front that asked for them. Without such a handler nothing is kept. Only the bodies
 * that {@link BoundedBody} reads and {@link JsonResponse} sends are seen.
 */
public final class CapturedBodies {

    private static final String KEY = CapturedBodies.class.getName();
    /** A longer body is not kept. */
    private static final int LONGEST = 64 * 1024;
    private static final Buffer NONE = Buffer.buffer();

    private Buffer request = NONE;
    private Buffer answer = NONE;

    private CapturedBodies() {
    }

    /**
     * {@return the place where the bodies of this request are kept}
     *
     * @param context the context of the request
     */
    public static CapturedBodies of(RoutingContext context) {
        CapturedBodies bodies = new CapturedBodies();
        context.put(KEY, bodies);
        return bodies;
    }

    /**
     * Keeps the body of the request when it has been read.
     *
     * @param context the context of the request
     * @param body the whole body
     * @return the same body
     */
    public static Future<Buffer> request(RoutingContext context, Future<Buffer> body) {
        CapturedBodies bodies = context.get(KEY);
        return bodies == null ? body : body.onSuccess(bodies::keepRequest);
    }

    private void keepRequest(Buffer body) {
        if (body.length() <= LONGEST) {
            request = body;
        }
    }

    static void answer(RoutingContext context, Buffer body) {
        CapturedBodies bodies = context.get(KEY);
        if (bodies != null && body.length() <= LONGEST) {
            bodies.answer = body;
        }
    }

    /** {@return the body of the request; empty when it had none or it was not read} */
    public Buffer request() {
        return request;
    }

    /** {@return the JSON body of the answer; empty for every other answer} */
    public Buffer answer() {
        return answer;
    }
}
