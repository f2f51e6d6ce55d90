package dev.gatehouse.it.support;

import dev.gatehouse.fixtures.Eventually;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** An attacker with many connections, each of which sends its next request when the last is answered, until it is closed. */
public final class Flood implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final IntFunction<HttpRequest.Builder> requests;
    private final Map<Integer, Integer> statuses = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> ended;
    private volatile boolean closing;

    private Flood(int connections, IntFunction<HttpRequest.Builder> requests) {
        this.requests = requests;
        ended = CompletableFuture.allOf(IntStream.range(0, connections).mapToObj(i -> attack(i, connections))
            .toArray(CompletableFuture[]::new));
    }

    /**
     * Begins, and returns when some answers have come.
     *
     * @param requests by number: each is sent once
     */
    public static Flood begin(int connections, IntFunction<HttpRequest.Builder> requests) {
        Flood flood = new Flood(connections, requests);
        Eventually.holds("the flood runs", LIMIT, () -> flood.answered() >= connections / 5);
        return flood;
    }

    private CompletableFuture<Void> attack(int number, int step) {
        return client.sendAsync(requests.apply(number).timeout(LIMIT).build(), BodyHandlers.ofString())
            .handle((response, failure) -> count(response))
            .thenCompose(counted -> closing ? CompletableFuture.completedFuture(null) : attack(number + step, step));
    }

    private Integer count(HttpResponse<String> response) {
        return statuses.merge(response == null ? 0 : response.statusCode(), 1, Integer::sum);
    }

    public int answered() {
        return statuses.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** The number of responses with each status; 0 stands for no response. */
    public Map<Integer, Integer> statuses() {
        return new TreeMap<>(statuses);
    }

    @Override
    public void close() {
        closing = true;
        ended.join();
    }
}
