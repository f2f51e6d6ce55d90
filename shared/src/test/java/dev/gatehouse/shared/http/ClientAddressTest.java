package dev.gatehouse.shared.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.gatehouse.shared.config.StartupException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.concurrent.TimeUnit;

@Isolated("collects what a class logs")
class ClientAddressTest {

    private final Vertx vertx = Vertx.vertx();
    /** Held, because a client that is garbage closes its connections. A body is asked for on the event loop: elsewhere it may have passed already. */
    private final HttpClient client = vertx.createHttpClient();

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void aForwardedAddressIsBelievedOnlyFromATrustedProxy() throws Exception {
        assertThat(seen(List.of(), "203.0.113.9")).isEqualTo("127.0.0.1 127.0.0.1");
        assertThat(seen(List.of("127.0.0.1"), "203.0.113.9")).isEqualTo("203.0.113.9 203.0.113.9");
    }

    @Test
    void aProxyIsKnownByAnySpellingOfItsAddress() throws Exception {
        assertThat(seen(List.of("::ffff:127.0.0.1"), "203.0.113.9")).startsWith("203.0.113.9");
        assertThat(seen(List.of("127.0.0.1", "2001:db8::1"), "203.0.113.9, 2001:DB8:0:0:0:0:0:1")).startsWith("203.0.113.9");
    }

    @Test
    void anIpv6AddressOfAClientHasOneText() throws Exception {
        assertThat(seen(List.of("127.0.0.1"), "2001:DB8:0:0:0:0:0:1")).startsWith("2001:db8::1 ");
        assertThat(seen(List.of("127.0.0.1"), "0:0:0:0:0:0:0:1")).startsWith("::1 ");
        assertThat(seen(List.of("127.0.0.1"), "2001:db8::1")).startsWith("2001:db8::1 ");
    }

    @Test
    void whatAStrangerWroteBeforeTheProxyIsNotBelieved() throws Exception {
        assertThat(seen(List.of("127.0.0.1"), "198.51.100.1, 203.0.113.9")).startsWith("203.0.113.9");
    }

    @Test
    void aForwardedValueThatIsNoAddressIsLeftAside() throws Exception {
        assertThat(seen(List.of("127.0.0.1"), "unknown")).startsWith("127.0.0.1");
    }

    @Test
    void allAddressesOfOneIpv6SubscriberCountAsOneSource() throws Exception {
        String first = seen(List.of("127.0.0.1"), "2001:db8:1:2:3:4:5:6");
        String neighbour = seen(List.of("127.0.0.1"), "2001:db8:1:2::99");
        String stranger = seen(List.of("127.0.0.1"), "2001:db8:1:3::99");
        assertThat(first).endsWith(" 2001:db8:1:2::/64");
        assertThat(neighbour).endsWith(" 2001:db8:1:2::/64");
        assertThat(stranger).endsWith(" 2001:db8:1:3::/64");
    }

    @Test
    void aProxyThatIsNoNumericAddressIsRefusedAtTheStart() {
        assertThatThrownBy(() -> new ClientAddress(List.of("proxy.example.com")))
            .isInstanceOf(StartupException.class).hasMessageContaining("proxy.example.com");
    }

    @Test
    void aNetworkOfProxiesIsKnownByItsPrefix() throws Exception {
        assertThat(seen(List.of("127.0.0.0/8"), "203.0.113.9")).startsWith("203.0.113.9 ");
        assertThat(seen(List.of("127.0.0.0/31", "10.0.0.0/9", "2001:db8::/33"), "203.0.113.9, 2001:db8:7fff::1, 10.127.0.1")).startsWith("203.0.113.9 ");
        assertThat(seen(List.of("127.0.0.0/8", "10.0.0.0/9"), "203.0.113.9, 10.128.0.1")).startsWith("10.128.0.1 ");
        assertThat(seen(List.of("127.0.0.0/8", "2001:db8::/33"), "203.0.113.9, 2001:db8:8000::1")).endsWith(" 2001:db8:8000:0::/64");
        assertThat(seen(List.of("126.0.0.0/8", "127.0.0.2/31"), "203.0.113.9")).startsWith("127.0.0.1 ");
    }

    @Test
    void aNetworkThatIsNoneIsRefusedAtTheStart() {
        for (String wrong : List.of("10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/x", "0.0.0.0/0", "::/0", "2001:db8::/129", "/8", "")) {
            assertThatThrownBy(() -> new ClientAddress(List.of(wrong))).as(wrong).isInstanceOf(StartupException.class)
                .hasMessageContaining("trustedProxies");
        }
    }

    @Test
    void aPortBehindAForwardedAddressIsLeftAside() throws Exception {
        assertThat(seen(List.of("127.0.0.1"), "203.0.113.9:4711")).isEqualTo("203.0.113.9 203.0.113.9");
        assertThat(seen(List.of("127.0.0.1"), "[2001:db8:1:2::9]:4711")).endsWith(" 2001:db8:1:2::/64");
        assertThat(seen(List.of("127.0.0.1"), "::ffff:203.0.113.9")).isEqualTo("203.0.113.9 203.0.113.9");
    }

    @Test
    void forwardingHeadersThatAreNotBelievedAreReportedOnce() throws Exception {
        assertThat(reports(List.of("192.0.2.1"), "X-Forwarded-For")).singleElement().asString().contains("127.0.0.1").contains("trustedProxies");
        assertThat(reports(List.of(), "Forwarded")).hasSize(1);
        assertThat(reports(List.of("127.0.0.1"), "X-Real-IP")).singleElement().asString().contains("X-Forwarded-For");
        assertThat(reports(List.of("127.0.0.1"), "X-Forwarded-For")).isEmpty();
        for (String mark : List.of("X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP", "CF-Connecting-IP", "True-Client-IP")) {
            assertThat(reports(List.of(), mark)).as(mark).hasSize(1);
        }
        assertThat(reports(List.of("127.0.0.1"), "X-Forwarded-Proto")).isEmpty();
        assertThat(reports(List.of(), "Accept")).isEmpty();
    }

    /** Returns the log of three requests with this header. */
    private List<String> reports(List<String> proxies, String header) throws Exception {
        ClientAddress addresses = new ClientAddress(proxies);
        Logger logger = (Logger) LoggerFactory.getLogger(ClientAddress.class);
        ListAppender<ILoggingEvent> reports = new ListAppender<>();
        reports.start();
        logger.addAppender(reports);
        try {
            HttpServer server = vertx.createHttpServer().requestHandler(request -> request.response().end(addresses.sourceOf(request)))
                .listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
            for (int i = 0; i < 3; i++) {
                client.request(HttpMethod.GET, server.actualPort(), "127.0.0.1", "/")
                    .compose(request -> request.putHeader(header, "203.0.113.9").send().compose(HttpClientResponse::body)).toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
            }
            return reports.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
        } finally {
            logger.detachAppender(reports);
        }
    }

    /** The client's address and source, as a server behind these proxies sees a request. */
    private String seen(List<String> proxies, String forwardedFor) throws Exception {
        ClientAddress addresses = new ClientAddress(proxies);
        HttpServer server = vertx.createHttpServer()
            .requestHandler(request -> request.response().end(addresses.of(request) + " " + addresses.sourceOf(request)))
            .listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        return client.request(HttpMethod.GET, server.actualPort(), "127.0.0.1", "/")
            .compose(request -> request.putHeader("X-Forwarded-For", forwardedFor).send().compose(HttpClientResponse::body))
            .toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS).toString();
    }
}
