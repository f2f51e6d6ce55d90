package dev.gatehouse.it.bench;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.it.support.ChildProcess;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.Product;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;

/** The time from the start of a server until it answers, and the time of its first token or tool request. One core, nothing else on it. */
final class ServerStarts {
    private static final int STARTS = 5;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String AUTHORIZATION_SERVER = "/.well-known/oauth-authorization-server";
    private static final String RESOURCE = "/.well-known/oauth-protected-resource";

    private ServerStarts() {
    }

    /** Milliseconds of one start. */
    private record Start(double ready, double firstRequest) {
    }

    static void run() {
        System.out.printf("%-38s %12s %12s %18s%n", "", "first, ms", "ready, ms", "first request, ms");
        int other = Ports.free();
        measure("up", port -> List.of("up", "--port", String.valueOf(port), "--mcp-port", String.valueOf(other)), AUTHORIZATION_SERVER, ServerStarts::token);
        measure("authz", port -> List.of("authz", "--port", String.valueOf(port)), AUTHORIZATION_SERVER, ServerStarts::token);
        measure("mcp", port -> List.of("mcp", "--transport", "http", "--port", String.valueOf(port), "--auth-server", "http://localhost:" + other),
            RESOURCE, url -> Http.post(url + "/mcp", Http.JSON, "{}"));
    }

    private static HttpResponse<String> token(String url) {
        return OAuthClient.demo(url).clientCredentials();
    }

    private interface FirstRequest {
        HttpResponse<String> to(String url);
    }

    /** The first start creates the data home. Of the others, the median counts. */
    private static void measure(String name, IntFunction<List<String>> arguments, String document, FirstRequest request) {
        Path home = Product.scratch("start");
        Start first = start(home, arguments, document, request);
        Start[] starts = new Start[STARTS];
        for (int i = 0; i < STARTS; i++) {
            starts[i] = start(home, arguments, document, request);
        }
        System.out.printf(Locale.ROOT, "%-38s %12.0f %12.0f %18.0f%n", name, first.ready(),
            median(Arrays.stream(starts).mapToDouble(Start::ready).toArray()), median(Arrays.stream(starts).mapToDouble(Start::firstRequest).toArray()));
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private static Start start(Path home, IntFunction<List<String>> arguments, String document, FirstRequest request) {
        int port = Ports.free();
        String url = "http://localhost:" + port;
        List<String> command = Product.command(arguments.apply(port).toArray(String[]::new));
        long begun = System.nanoTime();
        ChildProcess process = ChildProcess.start(home.resolveSibling(home.getFileName() + ".log"), Map.of("GATEHOUSE_HOME", home.toString()),
            Servers.onFirstCore(command));
        try {
            awaitAnswer(url + document, begun + LIMIT.toNanos());
            long ready = System.nanoTime();
            HttpResponse<String> answer = request.to(url);
            long answered = System.nanoTime();
            if (answer.statusCode() >= 500) {
                throw new IllegalStateException(url + " answered " + answer.statusCode());
            }
            return new Start((ready - begun) / 1e6, (answered - ready) / 1e6);
        } finally {
            process.stop();
        }
    }

    private static void awaitAnswer(String url, long deadline) {
        while (System.nanoTime() < deadline) {
            try {
                if (Http.get(url).statusCode() == 200) {
                    return;
                }
            } catch (UncheckedIOException notYet) {
                pause();
            }
        }
        throw new IllegalStateException(url + " does not answer");
    }

    /** A busy loop would take time from the server on a machine with one core. */
    private static void pause() {
        try {
            new ProcessBuilder("true").start().waitFor();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
