package dev.gatehouse.shared.fetch;

import dev.gatehouse.shared.fetch.SafeFetcher.FetchRequest;
import dev.gatehouse.shared.fetch.SafeFetcher.FetchResponse;
import dev.gatehouse.shared.vertx.CallerContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** One request and its response, with one deadline for both. */
final class FetchExchange {

    private static final int MOST_ADDRESSES = 3;

    private final HttpClient client;
    private final FetchUrl url;
    private final FetchRequest request;
    private final Promise<FetchResponse> answer;
    private final Future<FetchResponse> ended;
    private HttpClientRequest sent;
    private Buffer body = Buffer.buffer();

    FetchExchange(Vertx vertx, HttpClient client, FetchUrl url, FetchRequest request, long deadlineMillis) {
        this.client = client;
        this.url = url;
        this.request = request;
        answer = CallerContext.promise(vertx);
        long timer = vertx.setTimer(deadlineMillis,
            late -> fail(FetchException.Reason.TIMEOUT, "No complete response from " + url.host() + " before the deadline", null));
        ended = answer.future().onComplete(any -> {
            vertx.cancelTimer(timer);
            disconnect();
        });
    }

    Future<FetchResponse> answer() {
        return ended;
    }

    /** Tries the addresses in order until a connection succeeds. A failure after that is final. */
    void connect(Future<List<InetAddress>> addresses) {
        addresses.onSuccess(found -> connect(found.subList(0, Math.min(MOST_ADDRESSES, found.size())), 0))
            .onFailure(answer::tryFail);
    }

    private void connect(List<InetAddress> addresses, int index) {
        if (isOver()) {
            return;
        }
        client.request(to(addresses.get(index))).onSuccess(this::send).onFailure(failure -> {
            if (index + 1 < addresses.size()) {
                connect(addresses, index + 1);
            } else {
                fail(FetchException.Reason.FAILED, "No connection to " + url.host() + ": " + failure.getMessage(), failure);
            }
        });
    }

    private RequestOptions to(InetAddress address) {
        RequestOptions to = new RequestOptions().setMethod(HttpMethod.GET).setSsl(url.tls())
            .setServer(SocketAddress.inetSocketAddress(new InetSocketAddress(address, url.port())))
            .setHost(url.host()).setPort(url.port()).setURI(url.target()).setFollowRedirects(false)
            .putHeader("Accept", request.accept()).putHeader("Accept-Encoding", "identity").putHeader("User-Agent", "Gatehouse");
        return request.ifNoneMatch() == null ? to : to.putHeader("If-None-Match", request.ifNoneMatch());
    }

    private void send(HttpClientRequest connected) {
        sent = connected;
        if (isOver()) {
            disconnect();
            return;
        }
        connected.send().onSuccess(this::read).onFailure(this::broken);
    }

    private void read(HttpClientResponse response) {
        if (response.statusCode() != 200) {
            answer.tryComplete(new FetchResponse(response.statusCode(), response.headers(), Buffer.buffer()));
            return;
        }
        String coding = response.getHeader("Content-Encoding");
        if (coding != null && !coding.equalsIgnoreCase("identity")) {
            fail(FetchException.Reason.FAILED, "The response of " + url.host() + " has a Content-Encoding that was not requested", null);
            return;
        }
        response.handler(this::add).exceptionHandler(this::broken)
            .endHandler(end -> answer.tryComplete(new FetchResponse(200, response.headers(), body)));
    }

    private void add(Buffer chunk) {
        if (body.length() + chunk.length() > request.maximumBytes()) {
            fail(FetchException.Reason.TOO_LARGE,
                "The response of " + url.host() + " is longer than " + request.maximumBytes() + " bytes", null);
        } else if (!isOver()) {
            body.appendBuffer(chunk);
        }
    }

    private void broken(Throwable cause) {
        fail(FetchException.Reason.FAILED, "The connection to " + url.host() + " failed: " + cause.getMessage(), cause);
    }

    private void fail(FetchException.Reason reason, String message, Throwable cause) {
        answer.tryFail(new FetchException(reason, message, cause));
    }

    private boolean isOver() {
        return answer.future().isComplete();
    }

    private void disconnect() {
        if (sent != null) {
            sent.connection().close();
        }
    }
}
