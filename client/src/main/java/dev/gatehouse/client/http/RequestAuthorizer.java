package dev.gatehouse.client.http;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;

/** Puts credentials on the requests to one server, and gets new ones when the server asks for them. */
public interface RequestAuthorizer {

    /** Adds nothing and never retries. */
    RequestAuthorizer NONE = new RequestAuthorizer() {
        @Override
        public Future<HttpCall> authorize(HttpCall call) {
            return Future.succeededFuture(call);
        }

        @Override
        public Future<Boolean> answered(HttpCall call, int status, MultiMap headers, int attempt) {
            return Future.succeededFuture(false);
        }
    };

    /** Returns the call with its authorization. Called for each attempt. */
    Future<HttpCall> authorize(HttpCall call);

    /**
     * Looks at each answer of the server.
     *
     * @param call as {@link #authorize} returned it
     * @param attempt 0 for the first attempt of this request
     * @return whether to authorize and send the request again; fails when authorization was tried and did not succeed
     */
    Future<Boolean> answered(HttpCall call, int status, MultiMap headers, int attempt);
}
