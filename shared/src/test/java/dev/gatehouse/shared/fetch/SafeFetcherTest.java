package dev.gatehouse.shared.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Certificates;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.fetch.AddressRules.LiteralAddress;
import dev.gatehouse.shared.fetch.SafeFetcher.FetchOptions;
import dev.gatehouse.shared.fetch.SafeFetcher.FetchRequest;
import dev.gatehouse.shared.fetch.SafeFetcher.FetchResponse;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.KeyStoreOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** The URLs that are fetched, the hosts, and the limits. The name app.example.com resolves to this machine. */
@Tag("slow")
class SafeFetcherTest {

    private static final InetAddress HERE = LiteralAddress.parse("127.0.0.1");
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

    private static Vertx vertx;
    private static Certificates certificates;

    @TempDir
    static Path directory;

    @BeforeAll
    static void open() {
        vertx = Vertx.vertx();
        String subject = "CN=app.example.com";
        certificates = new Certificates(directory).authority("authority", "CN=Test authority")
            .signed("good", subject, "authority", Certificates.of("app.example.com"))
            .signed("expired", subject, "authority", certificate -> Certificates.of("app.example.com").apply(certificate)
                .notBefore(Instant.now().minus(Duration.ofDays(30))).notAfter(Instant.now().minus(Duration.ofDays(20))))
            .signed("other", "CN=other.example.com", "authority", Certificates.of("other.example.com"))
            .selfSigned("self", subject, Certificates.of("app.example.com"));
    }

    @AfterAll
    static void close() throws Exception {
        Waiting.on(vertx.close());
    }

    private static FetchException failure(Future<FetchResponse> fetch) throws Exception {
        Waiting.on(fetch.<Void>mapEmpty().otherwiseEmpty());
        assertThat(fetch.failed()).isTrue();
        return (FetchException) fetch.cause();
    }

    private static SafeFetcher trusting(NameLookup names) throws Exception {
        return new SafeFetcher(vertx, FetchOptions.DEFAULT,
            SafeFetcher.client(vertx, FetchOptions.DEFAULT, TrustedAuthorities.withFile(certificates.certificateFile("authority"))), names, HERE::equals);
    }

    private static SafeFetcher plain(FetchOptions options) throws Exception {
        return Waiting.on(SafeFetcher.create(vertx, options.withLoopbackAllowed(true)));
    }

    private static int serve(String alias, AtomicReference<HttpServerRequest> seen) throws Exception {
        HttpServerOptions options = new HttpServerOptions().setSsl(true).setSni(true).setKeyCertOptions(new KeyStoreOptions().setType("PKCS12")
            .setPath(certificates.storeFile().toString()).setPassword(Certificates.PASSWORD).setAlias(alias));
        return Waiting.on(vertx.createHttpServer(options).requestHandler(request -> {
            seen.set(request);
            request.response().putHeader("Content-Type", "application/json").putHeader("ETag", "\"1\"").end("{\"a\":1}");
        }).listen(0, "127.0.0.1")).actualPort();
    }

    private static FetchRequest document(int port) {
        return FetchRequest.document("https://app.example.com:" + port + "/client.json", 5_000);
    }

    private static FetchRequest document(RawServer server) {
        return FetchRequest.document("http://localhost:" + server.port() + "/client.json", 5_000);
    }

    @Test
    void documentOfAVerifiedServerIsFetchedWithoutCookiesOrCredentials() throws Exception {
        AtomicReference<HttpServerRequest> seen = new AtomicReference<>();
        int port = serve("good", seen);
        FetchResponse response = Waiting.on(trusting(host -> Future.succeededFuture(List.of(HERE))).fetch(document(port).unlessMatches("\"0\"")));
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.isJson()).isTrue();
        assertThat(response.body()).hasToString("{\"a\":1}");
        assertThat(seen.get().connection().indicatedServerName()).isEqualTo("app.example.com");
        assertThat(seen.get().getHeader("Host")).isEqualTo("app.example.com:" + port);
        assertThat(seen.get().headers().names().stream().map(String::toLowerCase).toList())
            .isSubsetOf("host", "accept", "accept-encoding", "user-agent", "if-none-match", "connection");
    }

    @Test
    void certificateThatIsNotTheNamesOwnIsRefused() throws Exception {
        for (String alias : Set.of("expired", "other", "self")) {
            AtomicReference<HttpServerRequest> seen = new AtomicReference<>();
            int port = serve(alias, seen);
            FetchException refusal = failure(trusting(host -> Future.succeededFuture(List.of(HERE))).fetch(document(port)));
            assertThat(refusal.reason()).as(alias).isEqualTo(FetchException.Reason.FAILED);
            assertThat(seen.get()).as("nothing was asked of " + alias).isNull();
        }
    }

    @Test
    void authorityThatNobodyConfiguredIsNotTrusted() throws Exception {
        int port = serve("good", new AtomicReference<>());
        SafeFetcher fetcher = new SafeFetcher(vertx, FetchOptions.DEFAULT, SafeFetcher.client(vertx, FetchOptions.DEFAULT, null), host -> Future.succeededFuture(List.of(HERE)), HERE::equals);
        assertThat(failure(fetcher.fetch(document(port))).reason()).isEqualTo(FetchException.Reason.FAILED);
    }

    @Test
    void nameIsLookedUpOnceAndTheConnectionGoesToTheCheckedAddress() throws Exception {
        AtomicInteger lookups = new AtomicInteger();
        NameLookup rebinding = host -> Future.succeededFuture(
            List.of(lookups.incrementAndGet() == 1 ? HERE : LiteralAddress.parse("127.0.0.2")));
        try (RawServer server = RawServer.saying("HTTP/1.1 200 OK\r\n\r\n")) {
            SafeFetcher fetcher = trusting(rebinding);
            failure(fetcher.fetch(document(server.port())));
            assertThat(lookups.get()).isEqualTo(1);
            assertThat(server.called()).isNotEmpty().containsOnly(HERE);
            assertThat(failure(fetcher.fetch(document(server.port()))).reason()).isEqualTo(FetchException.Reason.REFUSED);
            assertThat(server.called()).containsOnly(HERE);
        }
    }

    @Test
    void redirectIsAnAnswerAndNotFollowed() throws Exception {
        try (RawServer elsewhere = RawServer.saying(OK + "Content-Length: 2\r\n\r\n{}")) {
            for (int status : List.of(301, 302, 303, 307, 308)) {
                String location = "http://localhost:" + elsewhere.port() + "/";
                try (RawServer server = RawServer.saying("HTTP/1.1 " + status + " Gone there\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n")) {
                    assertThat(Waiting.on(plain(FetchOptions.DEFAULT).fetch(document(server))).status()).isEqualTo(status);
                }
            }
            assertThat(elsewhere.called()).isEmpty();
        }
    }

    @Test
    void longAnswerIsLeftInTheMiddle() throws Exception {
        try (RawServer exact = RawServer.saying(OK + "Content-Length: 5000\r\n\r\n" + "x".repeat(5000));
             RawServer longer = RawServer.saying(OK + "Content-Length: 5001\r\n\r\n" + "x".repeat(5001));
             RawServer endless = new RawServer(to -> endless(to))) {
            SafeFetcher fetcher = plain(FetchOptions.DEFAULT);
            assertThat(Waiting.on(fetcher.fetch(document(exact))).body().length()).isEqualTo(5000);
            assertThat(failure(fetcher.fetch(document(longer))).reason()).isEqualTo(FetchException.Reason.TOO_LARGE);
            assertThat(failure(fetcher.fetch(document(endless))).reason()).isEqualTo(FetchException.Reason.TOO_LARGE);
        }
    }

    private static void endless(OutputStream to) throws IOException {
        to.write((OK + "Transfer-Encoding: chunked\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
        while (true) {
            to.write("400\r\n".getBytes(StandardCharsets.ISO_8859_1));
            to.write(Buffer.buffer(" ".repeat(1024) + "\r\n").getBytes());
        }
    }

    @Test
    void packedAnswerIsNotUnpacked() throws Exception {
        try (RawServer bomb = RawServer.saying(OK + "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\u001f\u008b")) {
            assertThat(failure(plain(FetchOptions.DEFAULT).fetch(document(bomb))).reason()).isEqualTo(FetchException.Reason.FAILED);
        }
    }

    @Test
    void dripOrSilenceEndsAtTheDeadline() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        FetchOptions hasty = new FetchOptions(300, 2_000, 32, 128, 8, true, null);
        try (RawServer drip = new RawServer(to -> drip(to, never)); RawServer silent = new RawServer(to -> never.await())) {
            SafeFetcher fetcher = plain(hasty);
            assertThat(failure(fetcher.fetch(document(drip))).reason()).isEqualTo(FetchException.Reason.TIMEOUT);
            assertThat(failure(fetcher.fetch(document(silent))).reason()).isEqualTo(FetchException.Reason.TIMEOUT);
        }
    }

    private static void drip(OutputStream to, CountDownLatch never) throws IOException, InterruptedException {
        to.write((OK + "Content-Length: 1000\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
        while (!never.await(20, TimeUnit.MILLISECONDS)) {
            to.write(' ');
        }
    }

    @Test
    void moreThanTheBoundsAreRefusedAndTheRestServedInTurn() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        try (RawServer server = new RawServer(to -> {
            open.await();
            to.write((OK + "Content-Length: 2\r\n\r\n{}").getBytes(StandardCharsets.ISO_8859_1));
        })) {
            SafeFetcher fetcher = plain(new FetchOptions(10_000, 2_000, 2, 2, 8, true, null));
            List<Future<FetchResponse>> fetches = new ArrayList<>();
            for (int index = 0; index < 4; index++) {
                fetches.add(fetcher.fetch(document(server)));
            }
            assertThat(failure(fetcher.fetch(document(server))).reason()).isEqualTo(FetchException.Reason.BUSY);
            open.countDown();
            for (Future<FetchResponse> fetch : fetches) {
                assertThat(Waiting.on(fetch).status()).isEqualTo(200);
            }
            assertThat(Waiting.on(fetcher.fetch(document(server))).status()).isEqualTo(200);
        }
    }

    @Test
    void oneHostCannotTakeAllTurns() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        try (RawServer slow = new RawServer(to -> open.await()); RawServer quick = RawServer.saying(OK + "Content-Length: 2\r\n\r\n{}")) {
            SafeFetcher fetcher = plain(new FetchOptions(10_000, 2_000, 8, 8, 2, true, null));
            Future<FetchResponse> first = fetcher.fetch(document(slow));
            Future<FetchResponse> second = fetcher.fetch(document(slow));
            assertThat(failure(fetcher.fetch(document(slow))).reason()).isEqualTo(FetchException.Reason.BUSY);
            String other = "http://127.0.0.1:" + quick.port() + "/client.json";
            assertThat(Waiting.on(fetcher.fetch(FetchRequest.document(other, 100))).status()).isEqualTo(200);
            open.countDown();
            assertThat(failure(first).reason()).isEqualTo(FetchException.Reason.FAILED);
            assertThat(failure(second).reason()).isEqualTo(FetchException.Reason.FAILED);
        }
    }

    @Test
    void nameThatNobodyHasIsNoAnswer() throws Exception {
        assertThat(failure(trusting(host -> Future.succeededFuture(List.of())).fetch(document(443))).reason())
            .isEqualTo(FetchException.Reason.FAILED);
    }
}
