package dev.gatehouse.authz.federation;

import dev.gatehouse.shared.json.StrictJson;
import dev.gatehouse.shared.json.StrictJson.MalformedJson;
import dev.gatehouse.shared.oauth.Loopback;
import dev.gatehouse.shared.vertx.CallerContext;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.TrustOptions;

import java.net.URI;
import java.util.Map;

/**
 * Sends requests to identity providers. Their addresses come from the configuration or from the metadata of a configured issuer, so
 * that private networks are allowed, unlike in {@code SafeFetcher}, which fetches what strangers name. It uses https, or http on this
 * machine, follows no redirect, and limits the size and time of each response.
 */
final class UpstreamHttp {

    private static final int LONGEST_BODY = 256 * 1024;
    private static final int CONNECT_MILLIS = 5_000;
    private static final int MOST_AT_ONCE = 64;
    private static final int MOST_WAITING = 256;

    private final Vertx vertx;
    private final HttpClient client;

    /** @param trust the accepted certificate authorities; null for the platform's */
    UpstreamHttp(Vertx vertx, TrustOptions trust) {
        this.vertx = vertx;
        client = vertx.createHttpClient(new HttpClientOptions().setVerifyHost(true).setTrustOptions(trust).setConnectTimeout(CONNECT_MILLIS)
            .setDecompressionSupported(false).setName("identity-providers"),
            new PoolOptions().setHttp1MaxSize(MOST_AT_ONCE).setMaxWaitQueueSize(MOST_WAITING));
    }

    /** Returns whether a URL may be called: https with a host, or http on this machine. */
    static boolean isAllowed(String url) {
        try {
            URI uri = URI.create(url);
            return uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawFragment() == null
                && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()) && Loopback.isLoopbackHost(uri.getHost()));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * Sends one request.
     *
     * @param call the request
     * @return the response with any status; fails with {@link UpstreamException} only
     */
    Future<Response> send(Call call) {
        if (!isAllowed(call.url())) {
            return Future.failedFuture(new UpstreamException(UpstreamFault.MISCONFIGURED, "an address that is neither https nor on this machine"));
        }
        Exchange exchange = new Exchange(call);
        long timer = vertx.setTimer(call.timeoutMillis(), late -> exchange.fail(UpstreamFault.SLOW, "no complete response in time"));
        exchange.start();
        return exchange.result.future().onComplete(done -> vertx.cancelTimer(timer));
    }

    Future<Void> close() {
        return client.close();
    }

    /**
     * A request.
     *
     * @param form the encoded form of a POST; null for a GET
     * @param authorization the value of the header, or null
     */
    record Call(String url, String form, String authorization, long timeoutMillis) {

        static Call get(String url, String authorization, long timeoutMillis) {
            return new Call(url, null, authorization, timeoutMillis);
        }

        String host() {
            return URI.create(url).getHost();
        }

        @Override
        public String toString() {
            return "Call[" + host() + "]";
        }
    }

    /** A complete response. */
    record Response(int status, MultiMap headers, Buffer body) {

        /** @throws UpstreamException if the body is not a JSON object */
        JsonObject object() {
            try {
                return StrictJson.object(body.getBytes());
            } catch (MalformedJson e) {
                throw new UpstreamException(UpstreamFault.INVALID_RESPONSE, "a response that is not a JSON object");
            }
        }

        /** @throws UpstreamException if the body is not a JSON array */
        JsonArray array() {
            try {
                return new JsonArray(body);
            } catch (DecodeException | ClassCastException e) {
                throw new UpstreamException(UpstreamFault.INVALID_RESPONSE, "a response that is not a JSON array");
            }
        }

        /** @throws UpstreamException unless the status is 200 */
        Response requireOk() {
            if (status != 200) {
                throw new UpstreamException(UpstreamFault.UNREACHABLE, "a response with status " + status);
            }
            return this;
        }

        @Override
        public String toString() {
            return "Response[" + status + "]";
        }
    }

    /** One request and its response. */
    private final class Exchange {

        private final Call call;
        private final Promise<Response> result = CallerContext.promise(vertx);
        private final Buffer body = Buffer.buffer();
        private HttpClientRequest sent;

        Exchange(Call call) {
            this.call = call;
        }

        void start() {
            RequestOptions options = new RequestOptions().setAbsoluteURI(call.url()).setFollowRedirects(false)
                .setMethod(call.form() == null ? HttpMethod.GET : HttpMethod.POST);
            Map.of("Accept", "application/json", "Accept-Encoding", "identity", "User-Agent", "Gatehouse").forEach(options::putHeader);
            if (call.authorization() != null) {
                options.putHeader("Authorization", call.authorization());
            }
            if (call.form() != null) {
                options.putHeader("Content-Type", "application/x-www-form-urlencoded");
            }
            client.request(options).onSuccess(this::send).onFailure(this::broken);
        }

        /** The response is paused on its own event loop, so that its body waits for the handlers. */
        private void send(HttpClientRequest request) {
            sent = request;
            if (result.future().isComplete()) {
                request.reset();
                return;
            }
            request.response().onSuccess(HttpClientResponse::pause).onSuccess(this::read).onFailure(this::broken);
            (call.form() == null ? request.end() : request.end(call.form())).onFailure(this::broken);
        }

        private void read(HttpClientResponse response) {
            response.handler(this::add).exceptionHandler(this::broken)
                .endHandler(end -> result.tryComplete(new Response(response.statusCode(), response.headers(), body)));
            response.resume();
        }

        private void add(Buffer chunk) {
            if (body.length() + chunk.length() > LONGEST_BODY) {
                fail(UpstreamFault.INVALID_RESPONSE, "a response of more than " + LONGEST_BODY + " bytes");
            } else if (!result.future().isComplete()) {
                body.appendBuffer(chunk);
            }
        }

        private void broken(Throwable cause) {
            fail(UpstreamFault.UNREACHABLE, "no connection: " + cause.getClass().getSimpleName());
        }

        private void fail(UpstreamFault fault, String reason) {
            if (result.tryFail(new UpstreamException(fault, call.host() + ": " + reason)) && sent != null) {
                sent.reset();
            }
        }
    }
}
